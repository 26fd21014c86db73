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
import { formatTimestamp, type Zone } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { distance } from '../../ui/moment.tsx'

/** A lag that changes by less than this share of what flows, or by fewer records, stands. */
const STEADY_SHARE = 0.03
const STEADY_RECORDS = 3

export function LagTimeText({ time }: { readonly time: LagTime | null }) {
  if (time === null) return <span title={t('group.lagTimeUnknown')}>{UNKNOWN}</span>
  if (time.ms === 0) return <span className="quiet">0</span>
  return (
    <span title={t(`group.lagTimeFrom.${time.source}`)}>
      {time.source !== 'record' && '≈ '}
      {time.ms < 1_000 ? t('group.underASecond') : formatDuration(wholeSeconds(time.ms))}
    </span>
  )
}

/** A wait that is read again each second need not show how it was read. */
function wholeSeconds(ms: number): number {
  return Math.round(ms / 1_000) * 1_000
}

export type Direction = 'up' | 'down' | 'steady'

/** Where the lag goes. Of what is read as it comes, commits lag behind by themselves. */
export function directionOf(trend: LagTrend, lag: bigint | null): Direction {
  const { producedPerSecond, consumedPerSecond, windowMs } = trend
  const net = producedPerSecond - consumedPerSecond
  const flow = Math.max(producedPerSecond, consumedPerSecond)
  const few = (Math.abs(net) * windowMs) / 1_000 < STEADY_RECORDS
  if (lag === 0n || few || Math.abs(net) < flow * STEADY_SHARE) return 'steady'
  return net > 0 ? 'up' : 'down'
}

const ARROWS = { up: '↗', down: '↘', steady: '→' } as const

interface TrendMarkProps {
  readonly trend: LagTrend | null
  readonly lag: bigint | null
}

export function TrendMark({ trend, lag }: TrendMarkProps) {
  if (trend === null) return <span title={t('group.trendUnknown')}>{UNKNOWN}</span>
  const direction = directionOf(trend, lag)
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
    case 'keeping-up':
      return (
        <span className="quiet" title={t('group.drain.keepingUpHint')}>
          {t('group.drain.keepingUp')}
        </span>
      )
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

/** The time of day alone where it is today's; the rest is in the tooltip. */
export function CommitText({ commit }: { readonly commit: CommitTime }) {
  const zone = useZone()
  if (commit.type === 'unknown')
    return <span title={t('group.commitUnknown', { reason: commit.reason })}>{UNKNOWN}</span>
  const whole = formatTimestamp(commit.atMs, zone)
  const today = whole.startsWith(dateNow(zone))
  return (
    <time title={commitTitle(commit, zone)}>
      {commit.type === 'seen' && '≈ '}
      {today ? whole.slice(11) : whole.slice(0, 16)}
    </time>
  )
}

/** `3 min ago`, for heads. */
export function CommitDistance({ commit }: { readonly commit: CommitTime }) {
  const zone = useZone()
  if (commit.type === 'unknown') return <CommitText commit={commit} />
  const pastMs = pastMsOf(commit.atMs)
  return (
    <span title={commitTitle(commit, zone)}>
      {commit.type === 'seen' && '≈ '}
      {pastMs < JUST_NOW_MS
        ? t('group.justNow')
        : t('time.ago', { span: formatDuration(Math.round(pastMs / 1_000) * 1_000) })}
    </span>
  )
}

/** A commit that is younger would be told anew with every look. */
const JUST_NOW_MS = 6_000

function pastMsOf(atMs: bigint): number {
  return Date.now() - Number(atMs)
}

/** `2026-11-21` */
function dateNow(zone: Zone): string {
  return formatTimestamp(BigInt(Date.now()), zone).slice(0, 10)
}

function commitTitle(commit: Exclude<CommitTime, { type: 'unknown' }>, zone: Zone): string {
  const at = formatTimestamp(commit.atMs, zone)
  if (commit.type === 'recorded') return `${at} · ${distance(commit.atMs)}`
  return t('group.commitSeen', { after: formatTimestamp(commit.afterMs, zone), at })
}
