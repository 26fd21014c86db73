/** The lag over the last minutes or days, as the application has kept it. */
import { useMemo } from 'react'
import type { HistoryKeeping, LagHistory } from '../../../src-main/contract/model/group.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCompact, formatCount } from '../../ui/format/number.ts'
import { formatTimestamp } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { LiveChart, type LivePoint, type LiveSeries } from '../../ui/live-chart.tsx'
import { Segments } from '../../ui/segments.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { SPAN_NAMES, SPANS, type GroupSearch, type SpanName } from './groups-search.ts'

const HEIGHT_PX = 300
const POINTS_MAX = 900

interface LagHistoryProps {
  readonly groupId: string
  readonly search: GroupSearch
  readonly change: (next: Partial<GroupSearch>) => void
}

export function LagHistoryTab({ groupId, search, change }: LagHistoryProps) {
  const client = useClient()
  const cluster = useCluster().id
  const span: SpanName = search.span ?? '15m'
  const topic = search.topic ?? null
  const asked = useHeld(
    () =>
      new AskedAnswer(
        client,
        'group.history',
        { cluster, groupId, topic, spanMs: SPANS[span], pointsMax: POINTS_MAX },
        // A pixel of the chart is longer than a second beyond a quarter of an hour.
        Math.max(2_000, SPANS[span] / POINTS_MAX),
      ),
    `${cluster}|${groupId}|${topic}|${span}`,
  )
  const { value, problem } = useStore(asked)
  const what = t('group.history.reading')
  if (value === null)
    return problem === null ? (
      <Loading what={t('group.history.waiting')} />
    ) : (
      <Failure what={what} problem={problem} onRetry={asked.refresh} />
    )
  return (
    <div className="page lag-history">
      <div className="toolbar">
        <Segments
          label={t('group.history.span')}
          options={SPAN_NAMES}
          value={span}
          word={name => t(`group.history.spans.${name}`)}
          onChange={name => change({ span: name === '15m' ? undefined : name })}
        />
        <Segments
          label={t('group.history.unit')}
          options={['records', 'time'] as const}
          value={search.unit ?? 'records'}
          word={name => t(`group.history.units.${name}`)}
          onChange={name => change({ unit: name === 'time' ? 'time' : undefined })}
        />
        {value.topics.length > 0 && (
          <label className="history-topic">
            <span className="faint">{t('group.history.topic')}</span>
            <select
              className="field"
              value={topic ?? ''}
              onChange={event => change({ topic: event.currentTarget.value || undefined })}
            >
              <option value="">{t('group.history.allTopics')}</option>
              {value.topics.map(each => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
        )}
        <span className="spacer" />
        <Latest history={value} />
      </div>
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={asked.refresh} />}
      {value.keeping.note !== null && (
        <p className="notice" data-tone="warn">
          {t(`group.history.store.${value.keeping.store}`)} {value.keeping.note}
        </p>
      )}
      <HistoryChart history={value} span={span} unit={search.unit ?? 'records'} />
      <Keeping keeping={value.keeping} stepMs={value.stepMs} />
    </div>
  )
}

interface HistoryChartProps {
  readonly history: LagHistory
  readonly span: SpanName
  readonly unit: 'records' | 'time'
}

function HistoryChart({ history, span, unit }: HistoryChartProps) {
  const { timesMs, lags, peaks, lagTimesMs, topic } = history
  const zone = useZone()
  const points = useMemo(
    () =>
      timesMs.map((atMs, index): LivePoint => {
        const values =
          unit === 'time'
            ? [lagTimesMs[index] ?? null]
            : [lags[index] ?? null, peaks[index] ?? null]
        return { atMs, values }
      }),
    [timesMs, lags, peaks, lagTimesMs, unit],
  )
  const peaky = unit === 'records' && peaks.some((peak, index) => peak !== lags[index])
  const series = useMemo(
    (): readonly LiveSeries[] =>
      unit === 'time'
        ? [{ title: t('group.history.oldest'), token: '--chart-out' }]
        : [
            { title: t('group.lag'), token: '--chart-in', stepped: true },
            ...(peaky
              ? [
                  {
                    title: t('group.history.peak'),
                    token: '--chart-out',
                    dashed: true,
                    stepped: true,
                  },
                ]
              : []),
          ],
    [unit, peaky],
  )
  if (points.length === 0)
    return (
      <div style={{ height: HEIGHT_PX }}>
        <Empty sentence={t('group.history.none')} />
      </div>
    )
  const say =
    unit === 'time'
      ? (value: number) => formatDuration(Math.round(value / 1_000) * 1_000)
      : (value: number) => formatCount(value)
  return (
    <div className="history-chart">
      <LiveChart
        label={t('group.history.chart', {
          unit: t(`group.history.units.${unit}`),
          span: t(`group.history.spans.${span}`),
          of: topic ?? t('group.history.allTopics'),
        })}
        series={series}
        points={points}
        spanMs={SPANS[span]}
        height={HEIGHT_PX}
        format={unit === 'time' ? formatDuration : formatCompact}
        reading={say}
        moment={atMs => {
          const text = formatTimestamp(BigInt(Math.round(atMs)), zone)
          return SPANS[span] > SPANS['6h'] ? text.slice(5, 16) : text.slice(11, 19)
        }}
      />
      <ul className="history-legend">
        {series.map(({ title, token, dashed }) => (
          <li key={title}>
            <span
              className="reading-mark"
              data-dashed={dashed}
              style={{ '--hue': `var(${token})` } as React.CSSProperties}
              aria-hidden
            />
            {title}
          </li>
        ))}
        {unit === 'time' && <li className="faint">{t('group.history.timeIsEstimate')}</li>}
        <li className="faint">{t('group.history.gaps')}</li>
      </ul>
    </div>
  )
}

function Latest({ history }: { readonly history: LagHistory }) {
  const last = history.lags.findLast(lag => lag !== null)
  const highest = history.peaks.reduce<number | null>(
    (most, peak) => (peak !== null && (most === null || peak > most) ? peak : most),
    null,
  )
  if (last === undefined || highest === null) return null
  return (
    <span className="faint">
      {t('group.history.latest', { lag: formatCount(last), peak: formatCount(highest) })}
    </span>
  )
}

interface KeepingProps {
  readonly keeping: HistoryKeeping
  readonly stepMs: number | null
}

function Keeping({ keeping, stepMs }: KeepingProps) {
  const zone = useZone()
  const { store, sizeBytes, sizeMaxBytes, oldestMs, keptMs } = keeping
  const { intervalMs, roundMs, groupCount } = keeping
  return (
    <p className="faint small history-keeping">
      {t(`group.history.kept.${store}`, {
        days: Math.round(keptMs / 86_400_000),
        size: formatBytes(sizeBytes),
        most: formatBytes(sizeMaxBytes),
      })}{' '}
      {oldestMs !== null &&
        t('group.history.since', { at: formatTimestamp(BigInt(oldestMs), zone).slice(0, 16) })}{' '}
      {intervalMs > 0 &&
        t('group.history.cost', {
          interval: formatDuration(Math.round(intervalMs)),
          took: formatDuration(roundMs),
          count: groupCount,
          formatted: formatCount(groupCount),
        })}{' '}
      {stepMs !== null &&
        t('group.history.step', { step: formatDuration(Math.round(stepMs / 1_000) * 1_000) })}
    </p>
  )
}
