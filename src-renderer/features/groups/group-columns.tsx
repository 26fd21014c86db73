import { t } from '../../i18n/i18n.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'
import { RowLink } from '../../ui/row-link.tsx'
import type { Column } from '../../ui/table/column.ts'
import { typeText } from './group-type.ts'
import type { GroupRow } from './group-list.ts'
import { GroupStateMark } from './group-state.tsx'
import { LagTimeText, TrendMark } from './lag-words.tsx'

export function groupColumns(cluster: string): readonly Column<GroupRow>[] {
  return [
    {
      id: 'group',
      title: t('groups.group'),
      width: 165,
      grow: 2,
      sortable: true,
      text: row => row.summary.groupId,
      cell: ({ summary }) => (
        <RowLink path={[cluster, 'groups', summary.groupId]} title={summary.groupId}>
          {summary.groupId === '' ? t('value.empty') : summary.groupId}
        </RowLink>
      ),
    },
    {
      id: 'state',
      title: t('groups.state'),
      width: 160,
      sortable: true,
      text: row => row.figures?.state ?? row.summary.state,
      cell: row => <GroupStateMark state={row.figures?.state ?? row.summary.state} />,
    },
    {
      id: 'members',
      title: t('groups.members'),
      width: 78,
      align: 'end',
      sortable: true,
      text: row => String(row.figures?.memberCount ?? ''),
      cell: row => row.figures && formatCount(row.figures.memberCount),
    },
    {
      id: 'type',
      title: t('groups.type'),
      hint: t('groups.typeHint'),
      width: 138,
      sortable: true,
      text: row => `${row.summary.type ?? ''} ${row.summary.protocolType}`.trim(),
      cell: ({ summary }) => <span className="quiet">{typeText(summary) || UNKNOWN}</span>,
    },
    {
      id: 'coordinator',
      title: t('groups.coordinator'),
      width: 92,
      sortable: true,
      text: row => String(coordinatorOf(row) ?? ''),
      cell: row => {
        const coordinator = coordinatorOf(row)
        if (coordinator !== null) return <BrokerMark id={coordinator} />
        return <span title={row.figures?.problem?.message}>{UNKNOWN}</span>
      },
    },
    {
      id: 'topics',
      title: t('groups.topics'),
      width: 115,
      grow: 1,
      sortable: true,
      text: row => row.figures?.topics.join(' ') ?? '',
      cell: ({ figures }) =>
        figures && (
          <span className="quiet" title={figures.topics.join('\n')}>
            {figures.topics.length === 0 ? UNKNOWN : figures.topics.join(', ')}
          </span>
        ),
    },
    {
      id: 'lag',
      title: t('groups.lag'),
      hint: t('groups.lagHint'),
      width: 95,
      align: 'end',
      sortable: true,
      text: row => row.figures?.totalLag?.toString() ?? '',
      cell: row => <TotalLag row={row} />,
    },
    {
      id: 'lagTime',
      title: t('group.lagTime'),
      hint: t('groups.lagTimeHint'),
      width: 95,
      align: 'end',
      sortable: true,
      text: row => row.figures?.lagTime?.ms.toString() ?? '',
      cell: row => row.figures && <LagTimeText time={row.figures.lagTime} />,
    },
    {
      id: 'trend',
      title: t('group.trendTitle'),
      hint: t('group.trendHint'),
      width: 100,
      text: ({ figures }) =>
        figures?.trend
          ? String(figures.trend.producedPerSecond - figures.trend.consumedPerSecond)
          : '',
      cell: ({ figures }) => figures && <TrendMark trend={figures.trend} lag={figures.totalLag} />,
    },
  ]
}

/** Figures are newer where there are any. */
export function coordinatorOf({ summary, figures }: GroupRow): number | null {
  return figures?.coordinator ?? summary.coordinator
}

function TotalLag({ row: { figures } }: { readonly row: GroupRow }) {
  if (figures === undefined) return null
  const { totalLag, unknownLagCount } = figures
  if (totalLag === null)
    return <span title={figures.problem?.message ?? t('groups.lagNone')}>{UNKNOWN}</span>
  return (
    <span
      className={totalLag === 0n ? 'quiet' : 'lag-some'}
      title={unknownLagCount > 0 ? t('groups.lagUnknown', { count: unknownLagCount }) : undefined}
    >
      {unknownLagCount > 0 && '≥ '}
      {formatCount(totalLag)}
    </span>
  )
}
