/** The partitions that are fetched from one leader, found by topic id and index. */
import type { Partition } from './partition.ts'

export class FollowedPartitions implements Iterable<Partition> {
  readonly #byTopic = new Map<string, Map<number, Partition>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  find(topicId: string, index: number): Partition | undefined {
    return this.#byTopic.get(topicId)?.get(index)
  }

  /** The very partition, and not one that went and came again under the same name. */
  has(partition: Partition): boolean {
    return this.find(partition.topicId, partition.index) === partition
  }

  /** In the place of any other of the same id and index. */
  add(partition: Partition): void {
    const { topicId, index } = partition
    const ofTopic = this.#byTopic.get(topicId)
    if (ofTopic?.has(index) !== true) this.#size++
    if (ofTopic === undefined) this.#byTopic.set(topicId, new Map([[index, partition]]))
    else ofTopic.set(index, partition)
  }

  delete(partition: Partition): void {
    if (!this.has(partition)) return
    const { topicId, index } = partition
    const ofTopic = this.#byTopic.get(topicId)!
    this.#size--
    ofTopic.delete(index)
    if (ofTopic.size === 0) this.#byTopic.delete(topicId)
  }

  *[Symbol.iterator](): Iterator<Partition> {
    for (const ofTopic of this.#byTopic.values()) yield* ofTopic.values()
  }
}
