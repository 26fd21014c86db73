/** What holds of the quorum at any time: one leader in an epoch, who has all that is committed. */
import type { CommittedMetadata } from './committed-metadata.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'
import { hold } from './violation.ts'

export class QuorumRules {
  readonly #cluster: SimulatedCluster
  readonly #metadata: CommittedMetadata
  readonly #onCommitted: () => void
  /** By the quorum's epochs. */
  readonly #controllerOf = new Map<number, number>()

  constructor(cluster: SimulatedCluster, metadata: CommittedMetadata, onCommitted: () => void) {
    this.#cluster = cluster
    this.#metadata = metadata
    this.#onCommitted = onCommitted
  }

  /** Also takes in what any of them holds committed. */
  verify(): void {
    for (const [nodeId, { running }] of this.#cluster.controllers) {
      if (running === null) continue
      const { leads, leaderEpoch, highWatermark } = running.node.quorum.raft
      if (leads) this.#leads(nodeId, leaderEpoch)
      if (highWatermark === null || highWatermark <= this.#metadata.nextOffset) continue
      this.#metadata.learn(highWatermark - 1n, this.#cluster.controllerDisks)
      this.#onCommitted()
    }
  }

  #leads(nodeId: number, leaderEpoch: number): void {
    const leader = this.#controllerOf.get(leaderEpoch)
    hold(
      leader === undefined || leader === nodeId,
      `controllers ${leader} and ${nodeId} both lead in epoch ${leaderEpoch}`,
    )
    if (leader !== undefined) return
    this.#controllerOf.set(leaderEpoch, nodeId)
    this.#metadata.verifyHolds(this.#cluster.controllerDisks.find(each => each.nodeId === nodeId)!)
  }
}
