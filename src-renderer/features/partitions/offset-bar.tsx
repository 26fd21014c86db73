/** Log start to the leader's end on the scale of the whole topic, and a tick for each follower. */
import { Tooltip } from '@mantine/core'
import { t } from '../../i18n/i18n.ts'
import { brokerHue } from '../../ui/broker-hue.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { highWatermarkOf, logEndOf, sizeOf, startOf, type PartitionRow } from './partition-row.ts'

/** What all partitions are drawn to: the furthest end, and the size of all. */
export interface PartitionScale {
  readonly lowest: bigint
  readonly highest: bigint
  readonly totalBytes: number
}

export function scaleOf(rows: readonly PartitionRow[]): PartitionScale {
  const starts = rows.flatMap(row => startOf(row) ?? [])
  const ends = rows.flatMap(row => logEndOf(row) ?? highWatermarkOf(row) ?? [])
  return {
    lowest: starts.reduce((low, start) => (start < low ? start : low), starts[0] ?? 0n),
    highest: ends.reduce((high, end) => (end > high ? end : high), 0n),
    totalBytes: rows.reduce((sum, row) => sum + (sizeOf(row) ?? 0), 0),
  }
}

interface OffsetBarProps {
  readonly row: PartitionRow
  readonly scale: PartitionScale
}

export function OffsetBar({ row, scale }: OffsetBarProps) {
  const start = startOf(row)
  const end = highWatermarkOf(row)
  const { leader } = row.replication
  if (start === null || end === null)
    return <span title={t('partitions.offsetsUnknown')}>{UNKNOWN}</span>
  const span = Number(scale.highest - scale.lowest)
  const share = (offset: bigint) => (span === 0 ? 0 : (Number(offset - scale.lowest) / span) * 100)
  const followers = row.replication.replicas.flatMap(({ broker, isLeader, logEndOffset }) =>
    isLeader || logEndOffset === null ? [] : [{ broker, logEndOffset }],
  )
  const said = t('partitions.bar', {
    start: formatCount(start),
    end: formatCount(end),
    records: formatCount(end - start),
  })
  const colour = leader === null ? 'var(--text-faint)' : brokerHue(leader).colour
  return (
    <Tooltip label={said}>
      <span className="offset-bar" role="img" aria-label={said}>
        <span
          className="offset-span"
          style={{
            left: `${share(start)}%`,
            width: `${share(end) - share(start)}%`,
            background: colour,
          }}
        />
        <span className="offset-end" style={{ left: `${share(end)}%`, background: colour }} />
        {followers.map(({ broker, logEndOffset }) => (
          <span
            key={broker}
            className="offset-follower"
            style={{
              left: `${share(logEndOffset)}%`,
              background: brokerHue(broker).colour,
            }}
          />
        ))}
      </span>
    </Tooltip>
  )
}
