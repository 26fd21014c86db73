/** A moment in the chosen zone, with the distance from now on hover, and what is unknown as a dash. */
import { t } from '../i18n/i18n.ts'
import { formatDuration } from './format/duration.ts'
import { UNKNOWN } from './format/number.ts'
import { formatTimestamp } from './format/time.ts'
import { useZone } from './format/zone-context.ts'

interface MomentProps {
  readonly timestampMs: bigint | null
  /** Why it is unknown, for the tooltip. */
  readonly unknown?: string
}

export function Moment({ timestampMs, unknown }: MomentProps) {
  const zone = useZone()
  if (timestampMs === null) return <span title={unknown}>{UNKNOWN}</span>
  return (
    <time title={`${distance(timestampMs)} · ${timestampMs}`}>
      {formatTimestamp(timestampMs, zone)}
    </time>
  )
}

/** `3 min 20 s ago`, `in 2 h`. */
export function distance(timestampMs: bigint): string {
  const pastMs = Date.now() - Number(timestampMs)
  return pastMs >= 0
    ? t('time.ago', { span: formatDuration(pastMs) })
    : t('time.ahead', { span: formatDuration(-pastMs) })
}
