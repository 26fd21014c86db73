/** The topic in one table of figures: counts, shares, sizes, times. */
import type {
  RecordStatistics,
  Skew,
  SizeStatistics,
} from '../../../src-main/contract/model/statistics.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, threeDigits, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'

interface TotalsProps {
  readonly total: RecordStatistics
  readonly skew: Skew
  readonly partitionCount: number
}

export function Totals({ total, skew, partitionCount }: TotalsProps) {
  const { records } = total
  const { estimate, errorPercent } = total.distinctKeys
  return (
    <div className="statistics-totals">
      <dl>
        <Figure term={t('statistics.records')} said={formatCount(records)} />
        <Figure
          term={t('statistics.distinctKeys')}
          said={`≈ ${formatCount(estimate)}`}
          hint={t('statistics.distinctHint', { percent: threeDigits(errorPercent) })}
        />
        <Shared term={t('statistics.nullKeys')} part={total.nullKeys} whole={records} />
        <Shared term={t('statistics.emptyKeys')} part={total.emptyKeys} whole={records} />
      </dl>
      <dl>
        <Shared term={t('statistics.nullValues')} part={total.nullValues} whole={records} />
        <Shared term={t('statistics.emptyValues')} part={total.emptyValues} whole={records} />
        <Shared
          term={t('statistics.withHeaders')}
          part={total.recordsWithHeaders}
          whole={records}
        />
        <Figure
          term={t('statistics.emptyOffsets')}
          hint={t('statistics.emptyOffsetsHint')}
          said={formatCount(total.emptyOffsets)}
        />
      </dl>
      <dl>
        <Figure
          term={t('statistics.stored')}
          said={formatBytes(total.storedBytes)}
          hint={`${formatCount(total.storedBytes)} B`}
        />
        <Figure
          term={t('statistics.uncompressed')}
          said={formatBytes(total.recordBytes)}
          hint={`${formatCount(total.recordBytes)} B`}
        />
        <Figure
          term={t('statistics.ratio')}
          hint={t('statistics.ratioHint')}
          said={ratioOf(total.recordBytes, total.storedBytes)}
        />
        <Figure
          term={t('statistics.perBatch')}
          hint={t('statistics.perBatchHint', { batches: formatCount(total.batches) })}
          said={ratioOf(records, total.batches)}
        />
      </dl>
      <dl>
        <div>
          <dt>{t('statistics.first')}</dt>
          <dd>
            <Moment timestampMs={total.firstTimestampMs} unknown={t('statistics.noTime')} />
          </dd>
        </div>
        <div>
          <dt>{t('statistics.last')}</dt>
          <dd>
            <Moment timestampMs={total.lastTimestampMs} unknown={t('statistics.noTime')} />
          </dd>
        </div>
        <Figure
          term={t('statistics.skew')}
          hint={t('statistics.skewHint')}
          said={skewOf(skew, partitionCount)}
        />
        <Figure
          term={t('statistics.emptyPartitions')}
          said={t('statistics.ofAll', {
            part: formatCount(skew.emptyPartitions),
            all: formatCount(partitionCount),
          })}
        />
      </dl>
    </div>
  )
}

function skewOf(skew: Skew, partitionCount: number): string {
  if (partitionCount < 2 || skew.fullestPartition === null) return UNKNOWN
  const ratio = threeDigits(skew.recordsRatio)
  return skew.recordsRatio < 1.005
    ? t('statistics.even')
    : t('statistics.fullest', { ratio, partition: skew.fullestPartition })
}

function ratioOf(part: bigint, whole: bigint): string {
  return whole === 0n ? UNKNOWN : threeDigits(Number(part) / Number(whole))
}

interface FigureProps {
  readonly term: string
  readonly said: string
  readonly hint?: string
}

function Figure({ term, said, hint }: FigureProps) {
  return (
    <div title={hint}>
      <dt>{term}</dt>
      <dd>{said}</dd>
    </div>
  )
}

interface SharedProps {
  readonly term: string
  readonly part: bigint
  readonly whole: bigint
}

function Shared({ term, part, whole }: SharedProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        {formatCount(part)} <span className="faint">{shareOf(part, whole)}</span>
      </dd>
    </div>
  )
}

/** Told finely where it is little: three of a million are not none. */
export function shareOf(part: bigint, whole: bigint): string {
  if (whole === 0n) return ''
  if (part === 0n) return '0 %'
  const percent = (Number(part) / Number(whole)) * 100
  if (percent < 0.01) return '< 0.01 %'
  return `${percent < 10 ? threeDigits(percent) : Math.round(percent)} %`
}

export function SizeTable({ total }: { readonly total: RecordStatistics }) {
  const rows: readonly (readonly [string, SizeStatistics])[] = [
    [t('statistics.key'), total.keySize],
    [t('statistics.value'), total.valueSize],
    [t('statistics.record'), total.recordSize],
  ]
  const percents = total.recordSize.percentiles.map(({ percent }) => percent)
  return (
    <table className="statistics-sizes">
      <thead>
        <tr>
          <th scope="col">{t('statistics.size')}</th>
          <th scope="col">{t('statistics.least')}</th>
          {percents.map(percent => (
            <th
              key={percent}
              scope="col"
              title={t('statistics.percentileHint', {
                percent,
                error: threeDigits(total.recordSize.errorPercent),
              })}
            >
              {`p${percent}`}
            </th>
          ))}
          <th scope="col">{t('statistics.greatest')}</th>
          <th scope="col">{t('statistics.mean')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, size]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <Size bytes={size.count === 0n ? null : size.leastBytes} />
            {percents.map((percent, place) => (
              <Size
                key={percent}
                estimate
                bytes={size.count === 0n ? null : (size.percentiles[place]?.bytes ?? null)}
              />
            ))}
            <Size bytes={size.count === 0n ? null : size.greatestBytes} />
            <Size bytes={size.count === 0n ? null : Math.round(size.meanBytes)} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Size({ bytes, estimate = false }: { bytes: number | null; estimate?: boolean }) {
  if (bytes === null)
    return (
      <td className="faint" title={t('statistics.allNull')}>
        {UNKNOWN}
      </td>
    )
  return (
    <td title={`${formatCount(bytes)} B`}>
      {estimate && <span className="faint">≈ </span>}
      {formatBytes(bytes)}
    </td>
  )
}
