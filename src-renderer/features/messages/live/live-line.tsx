/** Whether new records come, how fast, and why they may not be in the table. */
import { useEffect, useState } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { formatRate } from '../../../ui/format/number.ts'
import { formatTimeOfDay } from '../../../ui/format/time.ts'
import { useZone } from '../../../ui/format/zone-context.ts'
import { useNow } from '../../../ui/use-now.ts'
import type { Interruption } from '../table/live-end.ts'
import { RateMeter } from './rate-meter.ts'

interface LiveLineProps {
  readonly connected: boolean
  readonly following: boolean
  readonly paused: boolean
  /** How many records there are so far; it only grows. */
  readonly count: bigint
  /** The last time that nothing was heard; null while it never was so. */
  readonly interruption: Interruption | null
}

export function LiveLine(props: LiveLineProps) {
  const { connected, following, paused, count, interruption } = props
  const nowMs = useNow(1_000)
  const [meter] = useState(() => new RateMeter())
  useEffect(() => meter.add(nowMs, count), [meter, count, nowMs])
  const rate = meter.perSecond(nowMs)
  if (!connected) return <span className="bad">✕ {t('status.disconnected')}</span>
  if (interruption !== null && interruption.problem !== null)
    return (
      <span className="bad" role="status" title={interruption.problem.message}>
        ✕ <Since words="live.interrupted" interruption={interruption} />
      </span>
    )
  return (
    <>
      <span className={following ? 'good' : 'warn'}>
        {following && `● ${t('messages.following')}`}
        {!following && paused && `‖ ${t('messages.paused')}`}
        {!following && !paused && `◐ ${t('messages.waitingForYou')}`}
      </span>
      <span title={t('messages.rateHint')}>
        {t('messages.rate', { rate: rate === null ? '–' : formatRate(rate) })}
      </span>
      {interruption !== null && (
        <span className="quiet" role="status" title={t('live.nothingLost')}>
          <Since words="live.resumed" interruption={interruption} />
        </span>
      )}
    </>
  )
}

interface SinceProps {
  readonly words: 'live.interrupted' | 'live.resumed'
  readonly interruption: Interruption
}

function Since({ words, interruption: { sinceMs, count } }: SinceProps) {
  const zone = useZone()
  return t(words, { count, time: formatTimeOfDay(BigInt(sinceMs), zone).slice(0, 8) })
}
