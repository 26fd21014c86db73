/** Records are given in one leader epoch, and not in another's name (KIP-320). */
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
  // Brokers are looked at by topics' names.
  if (leaderEpoch === ANY_EPOCH || !world.keepsName(partition.topic)) return () => {}
  const node = [...world.cluster.brokers.values()].find(({ name }) => name === host)
  if (node === undefined) return () => {}
  const epoch = () =>
    node.running?.inspection
      .replicas(partition.topic)
      .find(each => each.partition === partition.index)?.leaderEpoch ?? null
  const { lives } = node
  const before = epoch()
  return () => {
    const after = epoch()
    if (before === null || after === null || node.lives !== lives) return
    hold(
      before <= leaderEpoch && leaderEpoch <= after,
      `${partition.name}: ${host} gave records in leader epoch ${leaderEpoch}, ` +
        `and was in epoch ${before} when it was asked, in ${after} when it had answered`,
    )
  }
}
