import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { recordCountSign } from '../../ui/format/record-count.ts'
import { Moment } from '../../ui/moment.tsx'
import { RowLink } from '../../ui/row-link.tsx'
import type { Column } from '../../ui/table/column.ts'
import type { TopicRow } from './topic-row.ts'

export function topicColumns(cluster: string): readonly Column<TopicRow>[] {
  return [
    {
      id: 'chosen',
      title: t('topics.choose'),
      saidOnly: true,
      width: 46,
      cell: () => <span className="pick" data-picks aria-hidden />,
      text: () => '',
    },
    {
      id: 'name',
      title: t('topics.name'),
      width: 220,
      grow: 3,
      sortable: true,
      text: row => row.summary.name,
      cell: ({ summary }) => (
        <span className="topic-name">
          <RowLink path={[cluster, 'topics', summary.name]} title={summary.name}>
            {summary.name}
          </RowLink>
          {summary.internal && <span className="tag">{t('topics.internal')}</span>}
          {summary.offlineCount > 0 && (
            <span className="tag" data-tone="bad">
              ✕ {t('topics.offline', { count: summary.offlineCount })}
            </span>
          )}
          {summary.underReplicatedCount > 0 && (
            <span className="tag" data-tone="warn">
              ○ {t('topics.underReplicated', { count: summary.underReplicatedCount })}
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'partitions',
      title: t('topics.partitions'),
      width: 88,
      align: 'end',
      sortable: true,
      text: row => String(row.summary.partitionCount),
      cell: row => formatCount(row.summary.partitionCount),
    },
    {
      id: 'replicas',
      title: t('topics.replicas'),
      hint: t('topics.replicasHint'),
      width: 80,
      align: 'end',
      sortable: true,
      text: row => String(row.summary.replicationFactor),
      cell: row => formatCount(row.summary.replicationFactor),
    },
    {
      id: 'outOfSync',
      title: t('topics.outOfSync'),
      hint: t('topics.outOfSyncHint'),
      width: 92,
      align: 'end',
      sortable: true,
      text: row => String(row.summary.underReplicatedCount),
      cell: ({ summary }) => (
        <span className={summary.underReplicatedCount > 0 ? 'warn' : 'faint'}>
          {formatCount(summary.underReplicatedCount)}
        </span>
      ),
    },
    {
      id: 'records',
      title: t('topics.records'),
      hint: t('topics.recordsHint'),
      width: 110,
      align: 'end',
      sortable: true,
      text: row => row.figures?.recordCount?.count.toString() ?? '',
      cell: row => <Records row={row} />,
    },
    {
      id: 'size',
      title: t('topics.size'),
      hint: t('topics.sizeHint'),
      width: 88,
      align: 'end',
      sortable: true,
      text: row => row.figures?.sizeBytes?.toString() ?? '',
      cell: ({ figures }) =>
        figures && (
          <span
            title={figures.sizeBytes === null ? undefined : `${formatCount(figures.sizeBytes)} B`}
          >
            {formatBytes(figures.sizeBytes)}
          </span>
        ),
    },
    {
      id: 'cleanup',
      title: t('topics.cleanup'),
      width: 120,
      sortable: true,
      text: row => row.figures?.cleanupPolicy ?? '',
      cell: ({ figures }) => (
        <span className="quiet">{figures && (figures.cleanupPolicy ?? UNKNOWN)}</span>
      ),
    },
    {
      id: 'last',
      title: t('topics.last'),
      hint: t('topics.lastHint'),
      width: 190,
      grow: 1,
      align: 'end',
      sortable: true,
      text: row => row.figures?.lastRecordTimestampMs?.toString() ?? '',
      cell: ({ figures }) =>
        figures && (
          <span className="quiet">
            <Moment timestampMs={figures.lastRecordTimestampMs} unknown={t('topics.lastUnknown')} />
          </span>
        ),
    },
  ]
}

function Records({ row: { figures } }: { readonly row: TopicRow }) {
  if (figures === undefined) return null
  if (figures.recordCount === null) return <span title={figures.problem?.message}>{UNKNOWN}</span>
  const { count, estimate, missingPartitionCount } = figures.recordCount
  const hint =
    missingPartitionCount > 0
      ? t('topics.recordsMissing', { count: missingPartitionCount })
      : estimate
        ? t('topics.recordsEstimate')
        : undefined
  return (
    <span title={hint}>
      {recordCountSign([figures.recordCount])}
      {formatCount(count)}
    </span>
  )
}
