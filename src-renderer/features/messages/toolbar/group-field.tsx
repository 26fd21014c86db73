/** The consumer groups that have a place in the topic. */
import { AskedAnswer } from '../../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../../connection/client-context.tsx'
import { t } from '../../../i18n/i18n.ts'
import { formatCount } from '../../../ui/format/number.ts'
import { useStore } from '../../../ui/store.ts'

interface GroupFieldProps {
  readonly topic: string
  readonly value: string | null
  readonly onChoose: (group: string) => void
}

export function GroupField({ topic, value, onChoose }: GroupFieldProps) {
  const client = useClient()
  const cluster = useCluster().id
  const groups = useHeld(
    () => new AskedAnswer(client, 'group.of-topic', { cluster, topic }),
    `${cluster}|${topic}`,
  )
  const { value: found, problem } = useStore(groups)
  return (
    <div className="choice-section choice-groups">
      <span className="section-title">{t('point.group')}</span>
      {problem !== null && <span className="bad">{problem.message}</span>}
      {found === null && problem === null && (
        <span className="faint">{t('point.groupsWaiting')}</span>
      )}
      {found?.length === 0 && <span className="faint">{t('point.noGroups')}</span>}
      {found !== null && found.length > 0 && (
        <div className="choice-list">
          {found.map(group => (
            <button
              key={group.groupId}
              type="button"
              className="choice-item"
              aria-pressed={group.groupId === value}
              onClick={() => onChoose(group.groupId)}
            >
              <span className="clip mono">{group.groupId}</span>
              <span className="spacer" />
              {group.totalLag !== null && (
                <span className="faint">
                  {t('point.lag', { lag: formatCount(group.totalLag) })}
                </span>
              )}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
