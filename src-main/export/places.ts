/** Chosen records as ranges of offsets: those that lie near each other are read together. */
import type { ScanRange } from '../scan/partition-scan.ts'

export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/** What lies between two records of one range is read in vain. */
const GAP_MAX = 200n

/** In order of topics as they come, partitions and offsets. */
export function rangesOfPlaces(places: readonly Place[]): readonly ScanRange[] {
  const topics = [...new Set(places.map(({ topic }) => topic))]
  const order = new Map(topics.map((topic, index) => [topic, index]))
  const sorted = [...places].sort(
    (a, b) =>
      order.get(a.topic)! - order.get(b.topic)! ||
      a.partition - b.partition ||
      (a.offset < b.offset ? -1 : 1),
  )
  const ranges: { topic: string; partition: number; start: bigint; end: bigint; at: bigint }[] = []
  for (const { topic, partition, offset } of sorted) {
    const last = ranges.at(-1)
    const near =
      last?.topic === topic && last.partition === partition && offset - last.end <= GAP_MAX
    if (near) last.end = offset >= last.end ? offset + 1n : last.end
    else ranges.push({ topic, partition, start: offset, end: offset + 1n, at: offset })
  }
  return ranges
}
