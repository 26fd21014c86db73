/** Live series over a fixed span of time, drawn by uPlot: it moves on, and never redraws the page. */
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { COUNT_STEPS } from './count-steps.ts'
import { formatCompact, UNKNOWN } from './format/number.ts'
import { formatTimeOfDay } from './format/time.ts'
import { useZone } from './format/zone-context.ts'
import { useLatest } from './use-latest.ts'

export interface LiveSeries {
  readonly title: string
  /** The name of a CSS colour token, as `--chart-in`. */
  readonly token: string
  readonly dashed?: boolean
  /** A value stands until the next one; without it, lines go from one to the other. */
  readonly stepped?: boolean
}

export interface LivePoint {
  readonly atMs: number
  /** One for each series; null leaves a gap. */
  readonly values: readonly (number | null)[]
}

interface LiveChartProps {
  readonly label: string
  readonly series: readonly LiveSeries[]
  readonly points: readonly LivePoint[]
  readonly spanMs: number
  readonly height: number
  /** On the axis. */
  readonly format: (value: number) => string
  /** Where the pointer is; a rate by the second when not given. */
  readonly reading?: (value: number) => string
  /** A moment on the axis; the time of day when not given. */
  readonly moment?: (atMs: number) => string
}

const ratePerSecond = (value: number) => `${formatCompact(Math.round(value))}/s`

export function LiveChart(props: LiveChartProps) {
  // Colours are read from the theme once, so another theme is another drawing.
  return <Drawing key={useComputedColorScheme()} {...props} />
}

function Drawing(props: LiveChartProps) {
  const { label, series, points, spanMs, height, format, reading = ratePerSecond, moment } = props
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const zone = useZone()
  const timeOfDay = (atMs: number) => formatTimeOfDay(BigInt(Math.round(atMs)), zone).slice(0, 8)
  const latest = useLatest({ format, reading, moment: moment ?? timeOfDay })

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const made = new uPlot(
      options(element, series, height, {
        format: value => latest.current.format(value),
        reading: value => latest.current.reading(value),
        time: seconds => latest.current.moment(seconds * 1_000),
      }),
      [[], ...series.map(() => [])],
      element,
    )
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [series, height, latest])

  useEffect(() => {
    const made = chart.current
    const last = points.at(-1)
    if (made === null || last === undefined) return
    const columns = series.map((_, which) => points.map(point => point.values[which] ?? null))
    made.setData([points.map(point => point.atMs / 1_000), ...columns], false)
    made.setScale('x', { min: (last.atMs - spanMs) / 1_000, max: last.atMs / 1_000 })
  }, [points, spanMs, series])

  return <div ref={place} className="live-chart" role="img" aria-label={label} style={{ height }} />
}

/** As clocks are divided. */
const TIME_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
]

interface Words {
  readonly format: (value: number) => string
  readonly reading: (value: number) => string
  readonly time: (seconds: number) => string
}

function options(
  element: HTMLElement,
  series: readonly LiveSeries[],
  height: number,
  words: Words,
): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (token: string) => style.getPropertyValue(token).trim()
  const axis = {
    stroke: colour('--text-faint'),
    font: `11px ${colour('--font-ui')}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    gap: 4,
  }
  return {
    width: Math.max(element.clientWidth, 100),
    height,
    padding: [10, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, auto: false },
      // An idle cluster is a line at zero, not noise blown up to the full height.
      y: { range: (_, __, max) => [0, Math.max(max * 1.12, 1)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 90,
        incrs: TIME_STEPS_S,
        values: (_, splits) => splits.map(words.time),
        grid: { show: false },
      },
      {
        ...axis,
        size: 56,
        space: 34,
        incrs: [...COUNT_STEPS],
        values: (_, splits) => splits.map(words.format),
      },
    ],
    series: [
      {},
      ...series.map(({ title, token, dashed, stepped }) => ({
        label: title,
        ...(stepped === true ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
        stroke: colour(token),
        width: 1.5,
        dash: dashed === true ? [5, 4] : undefined,
        fill: dashed === true ? undefined : `color-mix(in srgb, ${colour(token)} 12%, transparent)`,
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [chart => showReading(chart, element, series, words)] },
  }
}

/** What the pointer is at, in words, in the chart's corner. */
function showReading(
  chart: uPlot,
  element: HTMLElement,
  series: readonly LiveSeries[],
  words: Words,
): void {
  const { idx } = chart.cursor
  const at = idx === null || idx === undefined ? undefined : chart.data[0]?.[idx]
  if (idx === null || idx === undefined || at === undefined) {
    element.removeAttribute('data-reading')
    return
  }
  const values = series.map(({ title }, which) => {
    const value = chart.data[which + 1]?.[idx]
    return `${title} ${value === null || value === undefined ? UNKNOWN : words.reading(value)}`
  })
  element.dataset.reading = `${words.time(at)}  ${values.join('  ')}`
}
