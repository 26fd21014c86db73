/**
 * Which replica a consumer had best read from (KIP-392): one in its own rack, where the broker is
 * told to look for one, and else the leader.
 */

/** The value of `replica.selector.class` that looks at racks. */
export const RACK_AWARE_SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'

export interface ReadableReplica {
  readonly brokerId: number
  readonly rack: string | null
  readonly logEndOffset: bigint
  readonly lastCaughtUpMs: number
}

/** All of `replicas` hold what the consumer asks for, the leader among them. */
export function replicaInRack(
  clientRack: string,
  leaderId: number,
  replicas: readonly ReadableReplica[],
): number {
  if (clientRack === '') return leaderId
  const near = replicas.filter(({ rack }) => rack === clientRack)
  if (near.length === 0 || near.some(({ brokerId }) => brokerId === leaderId)) return leaderId
  // The one that is furthest, and of those the one that was so last.
  return near.reduce((best, each) => (isFresher(each, best) ? each : best)).brokerId
}

function isFresher(a: ReadableReplica, b: ReadableReplica): boolean {
  if (a.logEndOffset !== b.logEndOffset) return a.logEndOffset > b.logEndOffset
  return a.lastCaughtUpMs > b.lastCaughtUpMs
}
