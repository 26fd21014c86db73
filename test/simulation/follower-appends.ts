/**
 * Whatever a follower appends, its leader holds at the same place: a leader only appends, so that
 * nothing else can have come from it in this leader epoch. Looked at when it was written.
 */
import type { LogBatch } from './disk-records.ts'
import { batchAt, segmentOf } from './disk-records.ts'
import { folderOf } from './node-places.ts'
import { hold } from './violation.ts'
import type { World } from './world.ts'

const SEGMENT = /^\/broker-\d+\/(.+)-(\d+)\/(\d{20})\.log$/

export class FollowerAppends {
  readonly #world: World
  /** By broker: the segments that were written to in this event. */
  readonly #written = new Map<number, Set<string>>()
  /** How many batches of a segment were looked at, and how often it had been cut by then. */
  readonly #seen = new WeakMap<object, { cuts: number; batches: number }>()

  constructor(world: World) {
    this.#world = world
  }

  written(brokerId: number, path: string): void {
    if (!path.endsWith('.log')) return
    const paths = this.#written.get(brokerId)
    if (paths === undefined) this.#written.set(brokerId, new Set([path]))
    else paths.add(path)
  }

  /** To be called when the engine has come to rest. */
  verify(): void {
    if (this.#written.size === 0) return
    const written = [...this.#written]
    this.#written.clear()
    for (const [brokerId, paths] of written)
      for (const path of paths) {
        const [, topic, index, base] = SEGMENT.exec(path) ?? []
        // Brokers are looked at by topics' names.
        if (topic === undefined || !this.#world.keepsName(topic)) continue
        const place = { brokerId, topic, index: Number(index) }
        this.#verify(place, this.#unseen(brokerId, path, BigInt(base!)))
      }
  }

  #unseen(brokerId: number, path: string, baseOffset: bigint): readonly LogBatch[] {
    const { disk } = this.#world.cluster.brokers.get(brokerId)!
    const file = disk.files.get(path)
    if (file === undefined) return []
    const { batches } = segmentOf(disk, path, baseOffset)
    const seen = this.#seen.get(file)
    const from = seen?.cuts === file.cuts ? seen.batches : 0
    this.#seen.set(file, { cuts: file.cuts, batches: batches.length })
    return batches.slice(from)
  }

  #verify(
    place: { readonly brokerId: number; readonly topic: string; readonly index: number },
    batches: readonly LogBatch[],
  ): void {
    const { brokerId, topic, index } = place
    const { cluster, metadata, rules } = this.#world
    const reportOf = (id: number) =>
      cluster.brokers.get(id)?.running?.inspection.replicas(topic, [index])[0]
    const own = reportOf(brokerId)
    if (own?.role !== 'follower') return
    const topicId = metadata.image.topicsByName.get(topic)?.topicId ?? ''
    const leaderId = rules.leaderIn({ topicId, index }, own.leaderEpoch) ?? -1
    const leader = reportOf(leaderId)
    const isThere = leader?.role === 'leader' && leader.leaderEpoch === own.leaderEpoch
    const { disk } = cluster.brokers.get(leaderId) ?? {}
    if (!isThere || disk === undefined || disk.bytesUntilCut < 0) return
    const folder = `${folderOf(leaderId)}/${topic}-${index}`
    for (const { baseOffset, lastOffset, mark } of batches) {
      if (lastOffset < leader.logStartOffset) continue
      const held = batchAt(disk, folder, baseOffset)
      hold(
        held?.baseOffset === baseOffset && held.mark === mark,
        `${topic}-${index}: broker ${brokerId} appends ${mark} at ${baseOffset} in leader epoch ` +
          `${own.leaderEpoch}, where its leader ${leaderId} has ` +
          (held === null ? 'nothing' : `${held.mark} at ${held.baseOffset}`),
      )
    }
  }
}
