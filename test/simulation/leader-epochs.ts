/** What brokers give in which leader epoch (KIP-320), and which offsets they refuse. */
import type { ReplicaReport } from '../../engine/broker/inspection.ts'
import { ANY_EPOCH } from './partition-history.ts'
import { hold } from './violation.ts'
import type { World } from './world.ts'

interface AskedPartition {
  readonly topic: string
  readonly index: number
  readonly name: string
}

/**
 * A broker is asked for records by who has a leader epoch in mind; the returned function is to be
 * called when it gave some. It does so in that epoch alone: not once it knows of a later one, and
 * not before it knows of this one.
 */
export function asksInEpoch(
  world: World,
  partition: AskedPartition,
  { host, leaderEpoch }: { readonly host: string; readonly leaderEpoch: number },
): () => void {
  if (leaderEpoch === ANY_EPOCH) return () => {}
  const report = reportsOf(world, partition, host)
  const before = report()?.leaderEpoch ?? null
  return () => {
    const after = report()?.leaderEpoch ?? null
    if (before === null || after === null) return
    hold(
      before <= leaderEpoch && leaderEpoch <= after,
      `${partition.name}: ${host} gave records in leader epoch ${leaderEpoch}, ` +
        `and was in epoch ${before} when it was asked, in ${after} when it had answered`,
    )
  }
}

/**
 * An offset is asked for; the returned function is to be called when it is out of range. It is that
 * below the log start and above the log end alone: behind the high watermark there is nothing yet.
 */
export function refusesOffset(
  world: World,
  partition: AskedPartition,
  host: string,
  offset: bigint,
): () => void {
  const report = reportsOf(world, partition, host)
  const before = report()
  return () => {
    const after = report()
    if (before === null || after === null || before.leaderEpoch !== after.leaderEpoch) return
    hold(
      offset > before.logEndOffset || offset > after.logEndOffset || offset < after.logStartOffset,
      `${partition.name}: ${host} refuses offset ${offset}, and its log is ` +
        `[${before.logStartOffset}, ${before.logEndOffset}), then ` +
        `[${after.logStartOffset}, ${after.logEndOffset})`,
    )
  }
}

/** What a broker says of a partition, as long as it lives; null where that is not known. */
function reportsOf(
  world: World,
  partition: AskedPartition,
  host: string,
): () => ReplicaReport | null {
  // Brokers are looked at by topics' names.
  if (!world.keepsName(partition.topic)) return () => null
  const node = [...world.cluster.brokers.values()].find(({ name }) => name === host)
  if (node === undefined) return () => null
  const { lives } = node
  return () => {
    if (node.lives !== lives) return null
    return node.running?.inspection.replicas(partition.topic, [partition.index])[0] ?? null
  }
}
