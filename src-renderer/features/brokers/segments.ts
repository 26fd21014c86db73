/** How many segments a broker keeps: counted where the broker tells, else reckoned from sizes. */
import type { BrokerReplica } from '../../../src-main/contract/model/cluster.ts'
import type { ConfigurationEntry } from '../../../src-main/contract/model/configuration.ts'
import type { BrokerStorage } from '../../../src-main/contract/model/storage.ts'

export type SegmentCount =
  | { readonly type: 'counted'; readonly count: number }
  /** As many as there are if every topic rolls by size alone, as the broker's default has it. */
  | { readonly type: 'estimated'; readonly count: number }
  | { readonly type: 'unknown' }

/** A broker of ours has one log folder, so what it counts is of that folder. */
export function countedSegments(
  storage: readonly BrokerStorage[] | null,
  brokerId: number,
): SegmentCount {
  const own = storage?.find(each => each.brokerId === brokerId)
  if (own === undefined || own.problem !== null) return { type: 'unknown' }
  return { type: 'counted', count: own.segmentCount }
}

/** DescribeLogDirs tells sizes and no segments: each replica has one, and one more a roll. */
export function estimatedSegments(
  replicas: readonly BrokerReplica[],
  configurations: readonly ConfigurationEntry[],
  logDir: string,
): SegmentCount {
  const set = configurations.find(({ name }) => name === 'log.segment.bytes')?.value
  const segmentBytes = Number(set ?? Number.NaN)
  if (!(segmentBytes > 0)) return { type: 'unknown' }
  let count = 0
  for (const replica of replicas)
    if (replica.logDir === logDir) count += Math.max(1, Math.ceil(replica.sizeBytes / segmentBytes))
  return { type: 'estimated', count }
}
