/**
 * Records over time, thin, above the table. Drag chooses a stretch; so do ← → with Shift held, and
 * Enter takes it. What is an estimate says so.
 */
import { ZoomOut } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { RecordHistogram } from '../../../../src-main/contract/model/record.ts'
import { t } from '../../../i18n/i18n.ts'
import { formatDuration } from '../../../ui/format/duration.ts'
import { formatCount } from '../../../ui/format/number.ts'
import { formatTimestamp } from '../../../ui/format/time.ts'
import { useZone } from '../../../ui/format/zone-context.ts'
import { barsOf, bucketAt, countIn, rangeOf, totalOf, type TimeRange } from './histogram-scale.ts'

interface HistogramProps {
  readonly histogram: RecordHistogram
  readonly onRange: (range: TimeRange) => void
  /** Back to all of time; null where all of it is shown. */
  readonly onWhole: (() => void) | null
}

interface Brush {
  readonly from: number
  readonly to: number
}

export function Histogram({ histogram, onRange, onWhole }: HistogramProps) {
  const zone = useZone()
  const plot = useRef<HTMLDivElement>(null)
  const [hovered, setHovered] = useState<number | null>(null)
  const [brush, setBrush] = useState<Brush | null>(null)
  const dragging = useRef(false)
  const { counts } = histogram
  const bucketOf = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect()
    if (box === undefined) return 0
    return bucketAt((event.clientX - box.left) / Math.max(1, box.width), histogram)
  }
  const take = (taken: Brush) => {
    setBrush(null)
    onRange(rangeOf(taken.from, taken.to, histogram))
  }
  const onDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    dragging.current = true
    event.currentTarget.setPointerCapture(event.pointerId)
    const bucket = bucketOf(event)
    setBrush({ from: bucket, to: bucket })
  }
  const onMove = (event: PointerEvent) => {
    const bucket = bucketOf(event)
    setHovered(bucket)
    if (dragging.current && brush !== null) setBrush({ from: brush.from, to: bucket })
  }
  const onUp = () => {
    if (dragging.current && brush !== null) take(brush)
    dragging.current = false
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const at = brush?.to ?? counts.length - 1
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (step !== 0) {
      const to = Math.min(Math.max(brush === null ? at : at + step, 0), counts.length - 1)
      setBrush({ from: event.shiftKey && brush !== null ? brush.from : to, to })
    } else if (event.key === 'Enter' && brush !== null) take(brush)
    else if (event.key === 'Escape' && brush !== null) {
      dragging.current = false
      setBrush(null)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const shown = brush ?? (hovered === null ? null : { from: hovered, to: hovered })
  const estimated = histogram.estimate.length > 0
  return (
    <div className="histogram">
      <div
        ref={plot}
        className="histogram-plot"
        role="slider"
        tabIndex={0}
        aria-label={t('histogram.label')}
        aria-valuemin={0}
        aria-valuemax={counts.length - 1}
        aria-valuenow={brush?.to ?? counts.length - 1}
        aria-valuetext={shown === null ? t('histogram.hint') : words(shown, histogram, zone)}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => {
          dragging.current = false
          setBrush(null)
        }}
        onPointerLeave={() => setHovered(null)}
        onKeyDown={onKeyDown}
        onBlur={() => setBrush(null)}
      >
        <Bars counts={counts} />
        {shown !== null && counts.length > 0 && (
          <div
            className="histogram-brush"
            data-brushing={brush !== null || undefined}
            style={{
              left: `${(Math.min(shown.from, shown.to) / counts.length) * 100}%`,
              width: `${((Math.abs(shown.to - shown.from) + 1) / counts.length) * 100}%`,
            }}
          />
        )}
      </div>
      <div className="histogram-words faint small">
        <span>{formatTimestamp(histogram.fromMs, zone).slice(0, 19)}</span>
        <span className="histogram-reading" aria-live="off">
          {shown === null
            ? t('histogram.buckets', { span: formatDuration(Number(histogram.bucketMs)) })
            : words(shown, histogram, zone)}
        </span>
        <span className="spacer" />
        {estimated && (
          <span title={histogram.estimate.map(why => t(`histogram.why.${why}`)).join(' ')}>
            ≈ {t('histogram.estimate')}
          </span>
        )}
        {onWhole !== null && (
          <button type="button" className="link" onClick={onWhole}>
            <ZoomOut size={12} aria-hidden /> {t('histogram.whole')}
          </button>
        )}
        <span>{formatTimestamp(histogram.toMs, zone).slice(0, 19)}</span>
      </div>
    </div>
  )
}

const PLOT_HEIGHT = 28

function Bars({ counts }: { readonly counts: readonly bigint[] }) {
  const path = barsOf(counts)
    .map(({ index, height }) => {
      const tall = Math.max(1.5, height * PLOT_HEIGHT)
      return `M${index + 0.08} ${PLOT_HEIGHT}v-${tall.toFixed(2)}h0.84v${tall.toFixed(2)}z`
    })
    .join('')
  return (
    <svg
      viewBox={`0 0 ${Math.max(1, counts.length)} ${PLOT_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={path} />
    </svg>
  )
}

/** `12:00:00 – 12:05:00 · 1,204 records`. */
function words({ from, to }: Brush, histogram: RecordHistogram, zone: string): string {
  const range = rangeOf(from, to, histogram)
  const count = countIn(from, to, histogram)
  const start = formatTimestamp(range.fromMs, zone)
  const end = formatTimestamp(range.toMs, zone)
  const sameDay = start.slice(0, 10) === end.slice(0, 10)
  return t('histogram.range', {
    from: start.slice(0, 19),
    to: end.slice(sameDay ? 11 : 0, 19),
    count: Number(count),
    formatted: `${histogram.estimate.length > 0 ? '≈ ' : ''}${formatCount(count)}`,
  })
}

/** Nothing to see in a stretch without records, or of a single moment. */
export function isWorthDrawing(histogram: RecordHistogram): boolean {
  return histogram.counts.length > 1 && totalOf(histogram) > 1n
}
