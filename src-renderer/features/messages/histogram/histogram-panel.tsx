/** The histogram of what the page looks at, drawn once there is something to draw. */
import { useEffect } from 'react'
import { useClient, useCluster, useHeld } from '../../../connection/client-context.tsx'
import { t } from '../../../i18n/i18n.ts'
import { useZone } from '../../../ui/format/zone-context.ts'
import { isGone } from '../../../ui/state/states.tsx'
import { useStore } from '../../../ui/store.ts'
import { useLatest } from '../../../ui/use-latest.ts'
import { queryKey, type MessagesQuery } from '../query/address.ts'
import { NO_FILTER } from '../query/filter-text.ts'
import { resolveMoment } from '../query/moment-text.ts'
import { isMoment } from '../query/range.ts'
import { endOf, sourcesOf, startOf, type Asker } from '../query/scan-input.ts'
import { HistogramStore, type HistogramInput } from './histogram-store.ts'
import { Histogram, isWorthDrawing } from './histogram.tsx'

const BUCKETS_MAX = 180

interface HistogramPanelProps {
  readonly query: MessagesQuery
  readonly topic: string
  /** Another number reads it again. */
  readonly reads: number
  readonly onChange: (change: Partial<Pick<MessagesQuery, 'from' | 'until'>>) => void
}

export function HistogramPanel({ query, topic, reads, onChange }: HistogramPanelProps) {
  const client = useClient()
  const cluster = useCluster().id
  const zone = useZone()
  const store = useHeld(() => new HistogramStore(client), `${cluster}|${topic}`)
  const { value, problem } = useStore(store)
  const { from, until } = query
  // The filter narrows what is found, not what there is.
  const key = [queryKey({ ...query, filter: NO_FILTER }), zone, reads].join('|')
  const latest = useLatest(query)
  useEffect(() => {
    const asked = latest.current
    store.ask(
      key,
      () => inputOf(asked, { cluster, topic, nowMs: Date.now(), zone }),
      asked.until.type === 'never',
    )
  }, [store, key, cluster, topic, zone, latest])
  // Where the topic is gone the table says so, and once is enough.
  if (problem !== null && isGone(problem)) return null
  if (problem !== null)
    return (
      <div className="histogram histogram-trouble faint small" title={problem.message}>
        {t('histogram.unknown')} <span className="mono">{problem.code}</span>
      </div>
    )
  if (value === null || !isWorthDrawing(value)) return null
  const narrowed =
    (from.type !== 'newest' && from.type !== 'oldest') ||
    (until.type !== 'now' && until.type !== 'never')
  return (
    <Histogram
      histogram={value}
      onRange={({ fromMs, toMs }) =>
        onChange({
          from: { type: 'timestamp', timestampMs: fromMs },
          until: { type: 'timestamp', timestampMs: toMs },
        })
      }
      onWhole={
        narrowed ? () => onChange({ from: { type: 'newest' }, until: { type: 'now' } }) : null
      }
    />
  )
}

function inputOf(query: MessagesQuery, asker: Asker): HistogramInput {
  const { from, until, committed } = query
  return {
    cluster: asker.cluster,
    sources: sourcesOf(query, asker.topic),
    base: null,
    ...(committed ? { isolation: 'read_committed' as const } : {}),
    from: startOf(from, asker),
    until: until.type === 'count' ? until : endOf(until, asker),
    direction: from.type === 'newest' ? 'backward' : 'forward',
    fromMs: isMoment(from) ? resolveMoment(from, asker.nowMs, asker.zone) : null,
    toMs: isMoment(until) ? resolveMoment(until, asker.nowMs, asker.zone) : null,
    bucketCount: BUCKETS_MAX,
  }
}
