/**
 * What the log of a shard's partition says: committed offsets and the groups' last metadata.
 *
 * Changed by `apply` alone, whether the change was just decided or is read back from the log, so
 * that a coordinator that starts again knows what the one before knew. Who waits for what in a
 * running group is no part of it.
 */
import { ZERO_UUID } from '../protocol/schema.ts'

export interface CommittedOffset {
  readonly offset: bigint
  /** The leader epoch of the record before the offset, -1 where the member did not say. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: bigint
  /** Set by clients of OffsetCommit 2 to 4 alone; -1 leaves expiry to the broker. */
  readonly expireTimestampMs: bigint
  readonly topicId: string
}

export interface PersistedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  readonly subscription: Uint8Array
  readonly assignment: Uint8Array
}

export interface GroupMetadata {
  readonly protocolType: string | null
  readonly generationId: number
  readonly protocolName: string | null
  readonly leaderId: string | null
  readonly stateSinceMs: bigint | null
  readonly members: readonly PersistedMember[]
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export type GroupChange =
  | ({
      readonly type: 'offset-committed'
      readonly groupId: string
      readonly value: CommittedOffset
    } & TopicPartition)
  | ({ readonly type: 'offset-removed'; readonly groupId: string } & TopicPartition)
  | { readonly type: 'group-written'; readonly groupId: string; readonly metadata: GroupMetadata }
  | { readonly type: 'group-removed'; readonly groupId: string }

/** What the image held where a change was made. */
export interface Replaced {
  readonly groupId: string
  readonly isGroup: boolean
  /** Undefined where there was no such group. */
  readonly metadata: GroupMetadata | null | undefined
  readonly offset: (TopicPartition & { readonly value: CommittedOffset | null }) | null
}

/** Topics by name, partitions by index. */
export type GroupOffsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>

export class GroupImage {
  /** Null for a group that only ever committed offsets: a simple one, without metadata. */
  readonly #groups = new Map<string, GroupMetadata | null>()
  readonly #offsets = new Map<string, Map<string, Map<number, CommittedOffset>>>()

  get groups(): ReadonlyMap<string, GroupMetadata | null> {
    return this.#groups
  }

  offsetsOf(groupId: string): GroupOffsets {
    return this.#offsets.get(groupId) ?? NO_OFFSETS
  }

  get groupsWithOffsets(): Iterable<string> {
    return this.#offsets.keys()
  }

  offset(groupId: string, topic: string, partition: number): CommittedOffset | null {
    return this.#offsets.get(groupId)?.get(topic)?.get(partition) ?? null
  }

  /** What `putBack` puts back once the change was made. */
  replacedBy(change: GroupChange): Replaced {
    const { groupId } = change
    const isGroup = change.type === 'group-written' || change.type === 'group-removed'
    const metadata = this.#groups.get(groupId)
    if (isGroup) return { groupId, isGroup, metadata, offset: null }
    const { topic, partition } = change
    const value = this.offset(groupId, topic, partition)
    return { groupId, isGroup, metadata, offset: { topic, partition, value } }
  }

  /** The latest change first, where several are undone. */
  putBack({ groupId, metadata, offset }: Replaced): void {
    if (metadata === undefined) this.#groups.delete(groupId)
    else this.#groups.set(groupId, metadata)
    if (offset === null) return
    const { value, ...of } = offset
    if (value === null) this.#remove({ type: 'offset-removed', groupId, ...of })
    else this.#put({ type: 'offset-committed', groupId, ...of, value })
  }

  apply(change: GroupChange): void {
    switch (change.type) {
      case 'offset-committed':
        if (!this.#groups.has(change.groupId)) this.#groups.set(change.groupId, null)
        this.#put(change)
        return
      case 'offset-removed':
        this.#remove(change)
        return
      case 'group-written':
        this.#groups.set(change.groupId, change.metadata)
        return
      case 'group-removed':
        this.#groups.delete(change.groupId)
    }
  }

  #put({ groupId, topic, partition, value }: GroupChange & { type: 'offset-committed' }): void {
    let topics = this.#offsets.get(groupId)
    if (topics === undefined) this.#offsets.set(groupId, (topics = new Map()))
    let partitions = topics.get(topic)
    if (partitions === undefined) topics.set(topic, (partitions = new Map()))
    partitions.set(partition, value)
  }

  #remove({ groupId, topic, partition }: GroupChange & { type: 'offset-removed' }): void {
    const topics = this.#offsets.get(groupId)
    const partitions = topics?.get(topic)
    if (topics === undefined || partitions === undefined) return
    partitions.delete(partition)
    if (partitions.size === 0) topics.delete(topic)
    if (topics.size === 0) this.#offsets.delete(groupId)
  }
}

const NO_OFFSETS: GroupOffsets = new Map()

/** The offset as OffsetFetch may show it to someone who means this very topic. */
export function offsetForTopic(
  committed: CommittedOffset | null,
  topicId: string,
): CommittedOffset | null {
  if (committed === null) return null
  const known = committed.topicId !== ZERO_UUID && topicId !== ZERO_UUID
  return known && committed.topicId !== topicId ? null : committed
}
