/** Whether new records come, how fast, and why they may not be in the table. */
import { useEffect, useState } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { formatRate } from '../../../ui/format/number.ts'
import { useNow } from '../../../ui/use-now.ts'
import { RateMeter } from './rate-meter.ts'

interface LiveLineProps {
  readonly connected: boolean
  readonly following: boolean
  readonly paused: boolean
  /** How many records there are so far; it only grows. */
  readonly count: bigint
}

export function LiveLine({ connected, following, paused, count }: LiveLineProps) {
  const nowMs = useNow(1_000)
  const [meter] = useState(() => new RateMeter())
  useEffect(() => meter.add(nowMs, count), [meter, count, nowMs])
  const rate = meter.perSecond(nowMs)
  if (!connected) return <span className="bad">✕ {t('status.disconnected')}</span>
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
    </>
  )
}
