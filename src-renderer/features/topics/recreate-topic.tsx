/** Deleting a topic and creating it again as it was: what goes, what stays, the name typed. */
import { notifications } from '@mantine/notifications'
import type { Problem } from '../../../src-main/contract/define.ts'
import { AskedAnswer, problemOf } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ConfirmTyped } from '../../ui/confirm-typed.tsx'
import { Explanation } from '../../ui/explanation.tsx'
import { FailureNotice } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { GroupsThere } from './groups-there.tsx'
import { Loss, useCounted } from './loss.tsx'

interface RecreateTopicProps {
  readonly opened: boolean
  readonly topic: string
  readonly onClose: () => void
}

export function RecreateTopic({ opened, topic, onClose }: RecreateTopicProps) {
  const client = useClient()
  const cluster = useCluster().id
  const confirm = async (): Promise<Problem | null> => {
    try {
      await client.call('topic.recreate', { cluster, topic })
      notifications.show({ message: t('recreate.done', { topic }), autoClose: 3_500 })
      return null
    } catch (error) {
      // Shown in the question itself, which stays open.
      const { code, message, remedy, details } = problemOf(error)
      return { code, message: [message, remedy, details].filter(Boolean).join('\n') }
    }
  }
  return (
    <ConfirmTyped
      opened={opened}
      onClose={onClose}
      title={t('recreate.title', { topic })}
      what={<What topic={topic} />}
      typed={topic}
      act={t('recreate.act')}
      onConfirm={confirm}
    />
  )
}

function What({ topic }: { readonly topic: string }) {
  const client = useClient()
  const cluster = useCluster().id
  const settings = useHeld(
    () => new AskedAnswer(client, 'topic.settings', { cluster, topic }),
    topic,
  )
  const { value, problem } = useStore(settings)
  const counted = useCounted([topic])
  return (
    <div className="loss">
      <p>{t('recreate.what')}</p>
      <Loss topics={[topic]} counted={counted} unnamed />
      {problem !== null && (
        <FailureNotice what={t('recreate.reading')} problem={problem} onRetry={settings.refresh} />
      )}
      {value !== null && (
        <ul className="loss-names">
          <li>
            {t('recreate.settings', {
              partitions: value.partitionCount,
              factor: value.replicationFactor,
            })}
          </li>
          {value.configurations.map(({ name, value: set }) => (
            <li key={name} className="mono">
              {name} = {set}
            </li>
          ))}
          {value.configurations.length === 0 && <li className="faint">{t('recreate.noOwn')}</li>}
        </ul>
      )}
      <p className="quiet">{t('recreate.id')}</p>
      <GroupsThere topic={topic}>
        <Explanation text={t('recreate.groups')} />
      </GroupsThere>
    </div>
  )
}
