/** Lag in time, trend, time to drain and commit time, as every table and head says them. */
import type {
  CommitTime,
  Drain,
  LagTime,
  LagTrend,
} from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatRate, UNKNOWN } from '../../ui/format/number.ts'
import { formatTimestamp } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { distance, Moment } from '../../ui/moment.tsx'

/** Below a hundredth of what flows, and below one in twenty seconds, a lag stands. */
const STEADY_SHARE = 0.01
const STEADY_PER_SECOND = 0.05

export function LagTimeText({ time }: { readonly time: LagTime | null }) {
  if (time === null) return <span title={t('group.lagTimeUnknown')}>{UNKNOWN}</span>
  if (time.ms === 0) return <span className="quiet">0</span>
  return (
    <span title={t(`group.lagTimeFrom.${time.source}`)}>
      {time.source !== 'record' && '≈ '}
      {formatDuration(steadyMs(time.ms))}
    </span>
  )
}

/** Whole seconds: a wait that is read again each second need not show how it was read. */
function steadyMs(ms: number): number {
  return ms < 1_000 ? Math.round(ms / 100) * 100 : Math.round(ms / 1_000) * 1_000
}

export type Direction = 'up' | 'down' | 'steady'

/** Where the lag goes. */
export function directionOf({ producedPerSecond, consumedPerSecond }: LagTrend): Direction {
  const net = producedPerSecond - consumedPerSecond
  const flow = Math.max(producedPerSecond, consumedPerSecond)
  if (Math.abs(net) < Math.max(STEADY_PER_SECOND, flow * STEADY_SHARE)) return 'steady'
  return net > 0 ? 'up' : 'down'
}

const ARROWS = { up: '↗', down: '↘', steady: '→' } as const

export function TrendMark({ trend }: { readonly trend: LagTrend | null }) {
  if (trend === null) return <span title={t('group.trendUnknown')}>{UNKNOWN}</span>
  const direction = directionOf(trend)
  const { producedPerSecond, consumedPerSecond, windowMs } = trend
  const net = Math.abs(producedPerSecond - consumedPerSecond)
  return (
    <span
      className="trend"
      data-direction={direction}
      title={t('group.trendSaid', {
        window: formatDuration(Math.round(windowMs / 1_000) * 1_000),
        produced: formatRate(producedPerSecond),
        consumed: formatRate(consumedPerSecond),
      })}
    >
      <span aria-hidden>{ARROWS[direction]}</span>{' '}
      <span className="trend-word">
        {direction === 'steady'
          ? t('group.trend.steady')
          : t(`group.trend.${direction}`, { rate: formatRate(net) })}
      </span>
    </span>
  )
}

export function DrainText({ drain }: { readonly drain: Drain }) {
  switch (drain.type) {
    case 'drained':
      return <span className="quiet">{t('group.drain.drained')}</span>
    case 'in':
      return <span title={t('group.drain.inHint')}>≈ {formatDuration(roughMs(drain.ms))}</span>
    case 'never':
      return (
        <span className="warn-text" title={t(`group.drain.${drain.reason}`)}>
          {t('group.drain.never')}
        </span>
      )
    case 'unknown':
      return <span title={t('group.drain.unknown')}>{UNKNOWN}</span>
  }
}

/** Two digits are all that an outlook has. */
function roughMs(ms: number): number {
  if (ms < 10_000) return Math.max(Math.round(ms / 1_000), 1) * 1_000
  if (ms < 600_000) return Math.round(ms / 10_000) * 10_000
  return Math.round(ms / 60_000) * 60_000
}

export function CommitText({ commit }: { readonly commit: CommitTime }) {
  const zone = useZone()
  switch (commit.type) {
    case 'recorded':
      return <Moment timestampMs={commit.atMs} />
    case 'seen':
      return (
        <span
          title={t('group.commitSeen', {
            after: formatTimestamp(commit.afterMs, zone),
            at: formatTimestamp(commit.atMs, zone),
          })}
        >
          ≈ {formatTimestamp(commit.atMs, zone)}
        </span>
      )
    case 'unknown':
      return <span title={t('group.commitUnknown', { reason: commit.reason })}>{UNKNOWN}</span>
  }
}

/** `3 min ago`, for heads. */
export function CommitDistance({ commit }: { readonly commit: CommitTime }) {
  const zone = useZone()
  if (commit.type === 'unknown') return <CommitText commit={commit} />
  return (
    <span title={formatTimestamp(commit.atMs, zone)}>
      {commit.type === 'seen' && '≈ '}
      {distance(commit.atMs)}
    </span>
  )
}
