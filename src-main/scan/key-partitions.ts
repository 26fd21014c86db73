/** Where a partitioner puts a key: the only partitions that have to be read for it at first. */
import type { KeyFilter, KeyPartitions } from '../contract/model/search.ts'
import { partitionOf } from '../partitioners/partitioners.ts'
import type { ScanPlan } from './plan-scan.ts'

/** Null where every partition has to be read: the key does not decide, or all are asked for. */
export function keyPartitions(
  { bytes, partitioner }: KeyFilter,
  { ranges, partitionCounts }: Pick<ScanPlan, 'ranges' | 'partitionCounts'>,
): KeyPartitions | null {
  if (partitioner === 'all') return null
  const partitions = partitionCounts.flatMap(({ topic, count }) => {
    const partition = count === 0 ? null : partitionOf(partitioner, bytes, count)
    return partition === null ? [] : [{ topic, partition }]
  })
  if (partitions.length === 0) return null
  const chosen = partitions.filter(({ topic, partition }) =>
    ranges.some(range => range.topic === topic && range.partition === partition),
  )
  return { partitions: chosen, widened: false }
}
