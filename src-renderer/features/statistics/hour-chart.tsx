/** How many records each hour brought, by the records' own timestamps. */
import { useState } from 'react'
import type { HourCount } from '../../../src-main/contract/model/statistics.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { formatTimestamp } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { hourBars, type HourBar } from './hour-bars.ts'

/** A lone hour is not drawn over the whole page. */
const BAR_PX_MAX = 48

interface HourChartProps {
  readonly hours: readonly HourCount[]
  readonly otherCount: bigint
}

export function HourChart({ hours, otherCount }: HourChartProps) {
  const zone = useZone()
  const [at, setAt] = useState<number | null>(null)
  const made = hourBars(hours)
  const moment = (ms: bigint) => formatTimestamp(ms, zone).slice(0, 16)
  if (made === null) return <p className="quiet">{t('statistics.noHours')}</p>
  const { bars } = made
  const most = bars.reduce((top, { records }) => (records > top ? records : top), 1n)
  const bar = at === null ? undefined : bars[at]
  const [first, last] = [bars[0]!, bars.at(-1)!]
  return (
    <div className="hours" style={{ maxWidth: Math.max(320, bars.length * BAR_PX_MAX) }}>
      <div className="hours-head">
        <span className="faint small">
          {t('statistics.barLength', { count: made.hours })} ·{' '}
          {t('statistics.most', { formatted: formatCount(most) })}
        </span>
        <span className="spacer" />
        <span className="small" aria-live="polite">
          {bar === undefined ? '' : reading(bar, moment)}
        </span>
      </div>
      <div
        className="hours-plot"
        role="img"
        aria-label={t('statistics.hoursLabel', {
          from: moment(first.startMs),
          to: moment(last.endMs),
          most: formatCount(most),
        })}
        onPointerLeave={() => setAt(null)}
      >
        {bars.map((each, place) => (
          <span
            key={String(each.startMs)}
            className="hours-bar"
            data-at={place === at || undefined}
            title={reading(each, moment)}
            onPointerEnter={() => setAt(place)}
          >
            <span style={{ height: `${heightOf(each.records, most)}%` }} />
          </span>
        ))}
      </div>
      <div className="hours-axis faint small">
        <span>{moment(first.startMs)}</span>
        <span>{moment(last.endMs)}</span>
      </div>
      {otherCount > 0n && (
        <p className="faint small">
          {t('statistics.otherHours', {
            count: Number(otherCount),
            formatted: formatCount(otherCount),
          })}
        </p>
      )}
    </div>
  )
}

function reading(bar: HourBar, moment: (ms: bigint) => string): string {
  return t('statistics.barReading', {
    from: moment(bar.startMs),
    records: formatCount(bar.records),
    bytes: formatBytes(bar.bytes),
  })
}

/** What is there is seen, however little it is beside the most. */
function heightOf(records: bigint, most: bigint): number {
  if (records === 0n) return 0
  return Math.max(1.5, Number((records * 10_000n) / most) / 100)
}
