/** The rebalances of a group as they happened: a list, and one of them in full beside it. */
import { useEffect, useMemo } from 'react'
import type { GroupDescription, Rebalance } from '../../../src-main/contract/model/group.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import type { GroupSearch } from './groups-search.ts'
import { RebalanceDetail } from './rebalance-detail.tsx'
import { causeOf, durationMs, tallyOf } from './rebalance-words.ts'

const LIMIT = 200

interface RebalancesTabProps {
  readonly group: GroupDescription
  readonly search: GroupSearch
  readonly change: (next: Partial<GroupSearch>) => void
}

export function RebalancesTab({ group, search, change }: RebalancesTabProps) {
  const client = useClient()
  const cluster = useCluster()
  const { groupId, rebalanceVersion } = group
  const asked = useHeld(
    () =>
      new AskedAnswer(client, 'group.rebalances', { cluster: cluster.id, groupId, limit: LIMIT }),
    `${cluster.id}|${groupId}`,
  )
  // The group's own stream says when there is another; the first is asked for by opening.
  useEffect(() => {
    if (rebalanceVersion > 0) asked.refresh()
  }, [asked, rebalanceVersion])
  const { value, problem } = useStore(asked)
  const columns = useMemo(() => rebalanceColumns(), [])
  const rows = useMemo(() => new ArrayRows(value ?? [], each => String(each.id)), [value])
  const what = t('group.rebalances.reading')
  if (value === null)
    return problem === null ? (
      <Loading what={t('group.rebalances.waiting')} />
    ) : (
      <Failure what={what} problem={problem} onRetry={asked.refresh} />
    )
  const open = value.find(({ id }) => String(id) === search.rebalance)
  const choose = (key: string | null) => change({ rebalance: key ?? undefined })
  return (
    <div className="page">
      <p className="toolbar faint">{t(`group.rebalances.source.${cluster.kind}`)}</p>
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={asked.refresh} />}
      <div className="rebalances">
        <DataTable
          id="group-rebalances"
          label={t('group.tab.rebalances')}
          columns={columns}
          rows={rows}
          active={search.rebalance ?? null}
          onActive={choose}
          onOpen={choose}
          opensOnClick
          isMain
        >
          <Empty sentence={t('group.rebalances.none')} />
        </DataTable>
        {open !== undefined && (
          <ResizableAside id="rebalance" label={t('group.rebalances.detail')}>
            <RebalanceDetail rebalance={open} onClose={() => choose(null)} />
          </ResizableAside>
        )}
      </div>
    </div>
  )
}

function rebalanceColumns(): readonly Column<Rebalance>[] {
  return [
    {
      id: 'generation',
      title: t('group.rebalances.generation'),
      width: 100,
      align: 'end',
      mono: true,
      text: row => row.generationId?.toString() ?? '',
      cell: row => row.generationId ?? UNKNOWN,
    },
    {
      id: 'when',
      title: t('group.rebalances.when'),
      width: 190,
      text: row => row.startedMs.toString(),
      cell: row => <Moment timestampMs={row.startedMs} />,
    },
    {
      id: 'cause',
      title: t('group.rebalances.cause'),
      hint: t('group.rebalances.causeHint'),
      width: 280,
      grow: 3,
      text: row => row.reasons.join('; ') || causeOf(row),
      cell: row => <span title={row.reasons.join('\n')}>{causeOf(row)}</span>,
    },
    {
      id: 'took',
      title: t('group.rebalances.took'),
      hint: t('group.rebalances.tookHint'),
      width: 170,
      text: row => String(durationMs(row)),
      cell: row => <Took rebalance={row} />,
    },
    {
      id: 'members',
      title: t('group.rebalances.members'),
      hint: t('group.rebalances.membersHint'),
      width: 130,
      align: 'end',
      text: row => String(tallyOf(row).present),
      cell: row => <Tally rebalance={row} />,
    },
    {
      id: 'moved',
      title: t('group.rebalances.moved'),
      hint: t('group.rebalances.movedHint'),
      width: 120,
      align: 'end',
      text: row => row.movedCount?.toString() ?? '',
      cell: row =>
        row.movedCount === null ? (
          <span title={t('group.rebalances.movedUnknown')}>{UNKNOWN}</span>
        ) : (
          t('group.rebalances.movedOf', {
            moved: formatCount(row.movedCount),
            all: formatCount(row.partitionCount),
          })
        ),
    },
    {
      id: 'outcome',
      title: t('group.rebalances.outcome'),
      width: 140,
      text: row => row.outcome,
      cell: row => (
        <span className={row.outcome === 'cut-off' ? 'warn-text' : 'quiet'}>
          {t(`group.rebalances.outcomes.${row.outcome}`)}
        </span>
      ),
    },
  ]
}

/** How long, and which part of it was joining and which assigning. */
function Took({ rebalance }: { readonly rebalance: Rebalance }) {
  const { startedMs, formedMs, finishedMs, source } = rebalance
  const all = durationMs(rebalance)
  if (source === 'polling')
    return (
      <span className="quiet" title={t('group.rebalances.polledTook')}>
        ≤ {formatDuration(all)}
      </span>
    )
  const join = formedMs === null ? all : Number(formedMs - startedMs)
  const sync = formedMs === null ? 0 : Number(finishedMs - formedMs)
  return (
    <span
      className="took"
      title={t('group.rebalances.phases', {
        join: formatDuration(join),
        sync: formatDuration(sync),
      })}
    >
      <span className="took-bar" aria-hidden>
        <span style={{ flexGrow: Math.max(join, 1) }} />
        <span style={{ flexGrow: sync }} />
      </span>
      {formatDuration(all)}
    </span>
  )
}

function Tally({ rebalance }: { readonly rebalance: Rebalance }) {
  const { present, joined, left } = tallyOf(rebalance)
  return (
    <span>
      {joined > 0 && <span className="good-text">+{joined} </span>}
      {left > 0 && <span className="warn-text">−{left} </span>}
      {formatCount(present)}
    </span>
  )
}
