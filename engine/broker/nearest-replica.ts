/** Where a consumer is told to read from instead of the leader (KIP-392). */
import { RACK_AWARE_SELECTOR, replicaInRack } from '../replica/read-replica.ts'
import type { BrokerServices } from './broker-services.ts'
import type { FetchingReplica, Partition } from './partition.ts'

const NO_PREFERRED_REPLICA = -1

/** -1 where the consumer is at the right place: nearly always, and then without any work. */
export function nearestReplica(
  broker: BrokerServices,
  { leading, log }: Partition,
  { fetchOffset }: { readonly fetchOffset: bigint },
  { replica, rack }: { readonly replica: FetchingReplica | null; readonly rack: string },
): number {
  if (rack === '' || replica !== null || leading === null || !leading.isReplicated)
    return NO_PREFERRED_REPLICA
  const { brokerId, cluster, clock } = broker
  if (broker.settings().replicaSelectorClass !== RACK_AWARE_SELECTOR) return NO_PREFERRED_REPLICA
  const able = leading
    .followers()
    .filter(
      each => each.inIsr && each.logEndOffset >= fetchOffset && each.logStartOffset <= fetchOffset,
    )
    .flatMap(({ brokerId: id, logEndOffset, lastCaughtUpMs }) => {
      const there = cluster.broker(id)
      return there === null
        ? []
        : [{ brokerId: id, rack: there.rack, logEndOffset, lastCaughtUpMs }]
    })
  const own = {
    brokerId,
    rack: cluster.broker(brokerId)?.rack ?? null,
    logEndOffset: log.logEndOffset,
    lastCaughtUpMs: clock.nowMs(),
  }
  const chosen = replicaInRack(rack, brokerId, [own, ...able])
  return chosen === brokerId ? NO_PREFERRED_REPLICA : chosen
}
