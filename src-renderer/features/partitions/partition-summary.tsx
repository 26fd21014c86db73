/** What is true of all partitions together, in words: in sync or not, and how even they are. */
import type { TopicDescription } from '../../../src-main/contract/model/topic.ts'
import { t } from '../../i18n/i18n.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'

export function PartitionSummary({ description }: { readonly description: TopicDescription }) {
  const { partitions } = description
  const offline = partitions.filter(({ leader }) => leader === null)
  const under = partitions.filter(({ replicas }) => replicas.some(replica => !replica.inSync))
  const leaders = new Map<number, number>()
  for (const { leader } of partitions)
    if (leader !== null) leaders.set(leader, (leaders.get(leader) ?? 0) + 1)
  return (
    <div className="toolbar">
      {offline.length === 0 && under.length === 0 ? (
        <span>
          <Glyph state="inSync" /> {t('partitions.allInSync', { count: partitions.length })}
        </span>
      ) : (
        <span className="bad">
          {offline.length > 0 && t('partitions.offlineList', { list: listOf(offline) })}{' '}
          {under.length > 0 && t('partitions.underList', { list: listOf(under) })}
        </span>
      )}
      <span className="spacer" />
      <span className="faint">{t('partitions.leaders')}</span>
      {[...leaders]
        .sort(([a], [b]) => a - b)
        .map(([broker, count]) => (
          <span key={broker} className="leader-count">
            <BrokerMark id={broker} /> {count}
          </span>
        ))}
    </div>
  )
}

function listOf(partitions: readonly { readonly partition: number }[]): string {
  return partitions.map(({ partition }) => partition).join(', ')
}
