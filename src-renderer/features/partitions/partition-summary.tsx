/** What is true of all partitions together: in sync or not, how even they are, and what can be done. */
import {
  partitionStates,
  type PartitionState,
} from '../../../src-main/contract/model/replication.ts'
import { useState } from 'react'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ElectPreferred } from '../../replication/elect-preferred.tsx'
import { PartitionFilter } from '../../replication/partition-filter.tsx'
import { isInState } from '../../replication/partition-states.ts'
import { Reassign } from '../../replication/reassign.tsx'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount } from '../../ui/format/number.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'
import { fits, type PartitionRow, type RowFilter } from './partition-row.ts'

/** More leaders than that have their page: the brokers'. */
const LEADERS_SHOWN_MAX = 8
/** Less often than this is worth being said. */
const SELDOM_MS = 1_500

interface PartitionSummaryProps {
  readonly topic: string
  readonly rows: readonly PartitionRow[]
  readonly filter: RowFilter
  readonly onFilter: (filter: Partial<RowFilter>) => void
  /** How often all of them are looked at. */
  readonly againMs: number
}

export function PartitionSummary(props: PartitionSummaryProps) {
  const { topic, rows, filter, onFilter, againMs } = props
  const [act, setAct] = useState<'elect' | 'reassign' | null>(null)
  const { readOnly } = useCluster()
  const counts = countStates(rows)
  const whyNot = readOnly ? t('readOnly') : null
  useCommands(
    readOnly
      ? []
      : [
          { id: 'elect', title: t('elect.act'), group: 'page', run: () => setAct('elect') },
          {
            id: 'reassign',
            title: t('reassign.act'),
            group: 'page',
            run: () => setAct('reassign'),
          },
        ],
  )
  const close = () => setAct(null)
  return (
    <div className="toolbar partition-toolbar">
      <Health rows={rows} filter={filter} counts={counts} />
      <PartitionFilter
        counts={counts}
        state={filter.state}
        onState={state => onFilter({ state })}
        brokers={brokersOf(rows)}
        broker={filter.broker}
        onBroker={broker => onFilter({ broker })}
      />
      {againMs > SELDOM_MS && (
        <span className="faint small" title={t('partitions.seldomHint')}>
          {t('partitions.seldom', { span: formatDuration(againMs) })}
        </span>
      )}
      <span className="partition-acts">
        <Leaders rows={rows} />
        {(counts.get('not-preferred') ?? 0) > 0 && (
          <Button whyNot={whyNot} onClick={() => setAct('elect')}>
            {t('elect.act')}
          </Button>
        )}
        <Button whyNot={whyNot} onClick={() => setAct('reassign')}>
          {t('reassign.act')}
        </Button>
      </span>
      <ElectPreferred opened={act === 'elect'} topic={topic} onClose={close} />
      <Reassign opened={act === 'reassign'} topic={topic} onClose={close} />
    </div>
  )
}

function countStates(rows: readonly PartitionRow[]): ReadonlyMap<PartitionState, number> {
  return new Map(
    partitionStates.map(state => [
      state,
      rows.reduce((count, { replication }) => count + (isInState(replication, state) ? 1 : 0), 0),
    ]),
  )
}

function brokersOf(rows: readonly PartitionRow[]): readonly number[] {
  const brokers = new Set<number>()
  for (const { replication } of rows)
    for (const { broker } of replication.replicas) brokers.add(broker)
  return [...brokers]
}

interface HealthProps {
  readonly rows: readonly PartitionRow[]
  readonly filter: RowFilter
  readonly counts: ReadonlyMap<PartitionState, number>
}

/** Whatever is wrong stands beside it as a switch; a filter says how much it leaves. */
function Health({ rows, filter, counts }: HealthProps) {
  if (filter.state !== undefined || filter.broker !== undefined) {
    const shown = rows.filter(row => fits(row, filter)).length
    return (
      <span className="quiet">
        {t('partitions.shownOf', { shown: formatCount(shown), all: formatCount(rows.length) })}
      </span>
    )
  }
  const silent = silentBrokers(rows)
  if (silent.length > 0 && counts.get('under-replicated') === 0)
    return (
      <span className="bad">
        <Glyph state="outOfSync" />{' '}
        {t('partitions.silent', { count: silent.length, list: silent.join(', ') })}
      </span>
    )
  if (counts.get('leaderless') === 0 && counts.get('under-replicated') === 0)
    return (
      <span>
        <Glyph state="inSync" />{' '}
        {t('partitions.allInSync', { count: rows.length, formatted: formatCount(rows.length) })}
      </span>
    )
  return (
    <span className="quiet">
      {t('partitions.count', { count: rows.length, formatted: formatCount(rows.length) })}
    </span>
  )
}

/** Not fenced yet: the controller, and with it the ISR, counts on them until their sessions end. */
function silentBrokers(rows: readonly PartitionRow[]): readonly number[] {
  const silent = new Set<number>()
  for (const { replication } of rows)
    for (const { broker, brokerState } of replication.replicas)
      if (brokerState === 'unreachable') silent.add(broker)
  return [...silent].sort((a, b) => a - b)
}

function Leaders({ rows }: { readonly rows: readonly PartitionRow[] }) {
  const leaders = new Map<number, number>()
  for (const { replication } of rows)
    if (replication.leader !== null)
      leaders.set(replication.leader, (leaders.get(replication.leader) ?? 0) + 1)
  if (leaders.size === 0) return null
  const ordered = [...leaders].sort(([a], [b]) => a - b)
  return (
    <>
      <span className="faint">{t('partitions.leaders')}</span>
      {ordered.slice(0, LEADERS_SHOWN_MAX).map(([broker, count]) => (
        <span key={broker} className="leader-count">
          <BrokerMark id={broker} /> {formatCount(count)}
        </span>
      ))}
      {ordered.length > LEADERS_SHOWN_MAX && (
        <span className="faint">
          {t('overview.more', { count: ordered.length - LEADERS_SHOWN_MAX })}
        </span>
      )}
    </>
  )
}
