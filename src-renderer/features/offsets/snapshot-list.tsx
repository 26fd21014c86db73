/** What the group had committed before each change made here. */
import { Download } from 'lucide-react'
import type { OffsetSnapshotSummary } from '../../../src-main/contract/model/offset.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import { problemOf } from '../../connection/answer.ts'
import { useClient, useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Moment } from '../../ui/moment.tsx'
import { saveText } from '../../ui/save-text.ts'
import type { ChosenStrategy } from './offsets-search.ts'

interface SnapshotListProps {
  readonly snapshots: readonly OffsetSnapshotSummary[]
  readonly strategy: ChosenStrategy
  readonly onStrategy: (strategy: ChosenStrategy) => void
  readonly onProblem: (problem: Problem) => void
}

export function SnapshotList({ snapshots, strategy, onStrategy, onProblem }: SnapshotListProps) {
  const client = useClient()
  const cluster = useCluster().id
  const chosen = strategy.type === 'snapshot' ? strategy : null
  const part = chosen?.part ?? 'all'
  const save = async ({ groupId, id }: OffsetSnapshotSummary) => {
    try {
      const input = { cluster, groupId, snapshotId: id, format: 'json' as const }
      const { fileName, content } = await client.call('offset.export-snapshot', input)
      saveText(fileName, content)
    } catch (error) {
      // Shown by the page, where it has room.
      onProblem(problemOf(error))
    }
  }
  return (
    <div className="lab-value">
      <div className="segments" role="radiogroup" aria-label={t('offsets.snapshot.part')}>
        {(['all', 'changed'] as const).map(each => (
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={part === each}
            title={t(`offsets.snapshot.${each}Hint`)}
            disabled={chosen === null}
            onClick={() => chosen !== null && onStrategy({ ...chosen, part: each })}
          >
            {t(`offsets.snapshot.${each}`)}
          </button>
        ))}
      </div>
      <ul className="lab-snapshots" aria-label={t('offsets.snapshot.list')}>
        {snapshots.map(snapshot => (
          <li key={snapshot.id} data-chosen={chosen?.snapshotId === snapshot.id || undefined}>
            <button
              type="button"
              aria-pressed={chosen?.snapshotId === snapshot.id}
              onClick={() => onStrategy({ type: 'snapshot', snapshotId: snapshot.id, part })}
            >
              <Moment timestampMs={snapshot.takenAtMs} />
              <span className="faint" title={snapshot.reason.strategy}>
                {t('offsets.snapshot.before', {
                  strategy: snapshot.reason.strategy,
                  count: snapshot.changedCount,
                })}
              </span>
            </button>
            <button
              type="button"
              className="copy-button"
              aria-label={t('offsets.snapshot.export')}
              title={t('offsets.snapshot.export')}
              onClick={() => void save(snapshot)}
            >
              <Download size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
