/** Records in and out over two minutes. */
import { useMemo } from 'react'
import { RATES_KEPT_MS, useRates } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatByteRate } from '../../ui/format/bytes.ts'
import { formatCompact, formatRate } from '../../ui/format/number.ts'
import { LiveChart, type LivePoint } from '../../ui/live-chart.tsx'
import { Loading } from '../../ui/state/states.tsx'

const HEIGHT_PX = 176
const PAUSE_MS = 3_500

export function RatesPanel() {
  const { samples, source, problem } = useRates()
  const series = useMemo(
    () => [
      { title: t('overview.produced'), token: '--chart-in' },
      { title: t('overview.consumed'), token: '--chart-out', dashed: true },
    ],
    [],
  )
  const points = useMemo(
    () =>
      samples.flatMap((sample, place): LivePoint[] => {
        const atMs = Number(sample.atMs)
        const point = {
          atMs,
          values: [sample.producedRecordsPerSecond, sample.consumedRecordsPerSecond],
        }
        const before = samples[place - 1]
        const pauseMs = before === undefined ? 0 : atMs - Number(before.atMs)
        // Nobody measured meanwhile: a line across the pause would be invented.
        const pause = pauseMs > PAUSE_MS ? [{ atMs: atMs - 1, values: [null, null] }] : []
        return [...pause, point]
      }),
    [samples],
  )
  const last = samples.at(-1)
  return (
    <section className="panel panel-rates">
      <header className="panel-head">
        <h2 className="section-title">{t('overview.rates')}</h2>
        <span
          className="faint small"
          title={source === null ? undefined : t(`status.source.${source}`)}
        >
          {t('overview.ratesWindow')}
        </span>
        <span className="spacer" />
        <Reading
          token="--chart-in"
          name={t('overview.produced')}
          rate={last?.producedRecordsPerSecond}
          bytes={last?.producedBytesPerSecond}
        />
        <Reading
          token="--chart-out"
          name={t('overview.consumed')}
          rate={last?.consumedRecordsPerSecond}
          bytes={last?.consumedBytesPerSecond}
          dashed
        />
      </header>
      {samples.length === 0 ? (
        <div style={{ height: HEIGHT_PX }}>
          {problem === null ? (
            <Loading what={t('overview.ratesWaiting')} />
          ) : (
            <p className="bad">{problem.message}</p>
          )}
        </div>
      ) : (
        <LiveChart
          label={t('overview.rates')}
          series={series}
          points={points}
          spanMs={Number(RATES_KEPT_MS)}
          height={HEIGHT_PX}
          format={formatCompact}
        />
      )}
    </section>
  )
}

interface ReadingProps {
  readonly token: string
  readonly name: string
  readonly rate: number | undefined
  readonly bytes: number | null | undefined
  readonly dashed?: boolean
}

function Reading({ token, name, rate, bytes, dashed }: ReadingProps) {
  return (
    <span className="reading">
      <span
        className="reading-mark"
        data-dashed={dashed}
        style={{ '--hue': `var(${token})` } as React.CSSProperties}
        aria-hidden
      />
      <span className="faint">{name}</span>
      <span className="reading-value">
        {formatRate(rate)}/s
        {typeof bytes === 'number' && (
          <span className="faint reading-bytes"> {formatByteRate(bytes)}</span>
        )}
      </span>
    </span>
  )
}
