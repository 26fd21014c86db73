/**
 * A follower's Fetch: says how far the follower is, and brings it all that it lacks, committed or
 * not. It looks only at partitions with news, and waits for an append to any of them at once.
 *
 * With acks=all one of these stands between each record and its acknowledgement, so one object is
 * all that waiting costs: no timer and no closure of its own.
 */
import type { WaitingFollower } from '../../replica/follower-waits.ts'
import type { FetchPartition } from '../../replica/fetch-session.ts'
import type { WaitingRequest } from '../../server/connection.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { FetchingReplica, Partition } from '../partition.ts'
import type { FetchInHand } from './fetch-in-hand.ts'
import type { FetchRead } from './fetch-reader.ts'

interface Advance {
  readonly partition: Partition
  readonly from: bigint
}

const NO_ADVANCES: readonly Advance[] = []

export class ReplicaFetch implements WaitingFollower, WaitingRequest {
  readonly #broker: BrokerServices
  readonly #inHand: FetchInHand
  readonly #replica: FetchingReplica
  missingBytes = 0

  constructor(broker: BrokerServices, inHand: FetchInHand, replica: FetchingReplica) {
    this.#broker = broker
    this.#inHand = inHand
    this.#replica = replica
  }

  get brokerId(): number {
    return this.#replica.brokerId
  }

  get deadlineMs(): number {
    return this.#inHand.limits.deadlineMs
  }

  begin(): void {
    const first = this.#read()
    // What the follower's progress commits is told only when its own fetch is answered or waits:
    // who is woken by it may append, and this fetch must hear of that.
    const advances = this.#noteProgress(first)
    if (this.#inHand.mayWait(first) && this.#inHand.session.partitions.length > 0) {
      first.release()
      this.#inHand.waits(this)
      this.#wait(this.#inHand.limits.minBytes - first.bytes)
    } else this.#inHand.conclude(first)
    for (const { partition, from } of advances)
      this.#broker.replication.committed(partition, from, -1)
  }

  /** Whoever wakes it has taken it out. */
  wake(how: 'look' | 'answer'): void {
    const read = this.#read()
    if (how === 'answer' || read.bytes > 0 || read.mustTell) {
      this.#inHand.conclude(read)
      return
    }
    // They came to a partition that it does not fetch now.
    read.release()
    this.#wait(this.#inHand.limits.minBytes)
  }

  askerGone(): void {
    this.#broker.followerWaits.remove(this)
  }

  /** A follower sends something behind its Fetch when it has news: partitions it follows now. */
  nextWaits(): void {
    if (this.#broker.followerWaits.remove(this)) this.#inHand.conclude(this.#read())
  }

  #wait(missingBytes: number): void {
    this.missingBytes = missingBytes
    this.#broker.replication.awaitAppend(this)
  }

  /** Leaves out what the follower has all of and was told all about: nearly everything, mostly. */
  #read(): FetchRead {
    const { cluster } = this.#broker
    const { session } = this.#inHand
    const registered = cluster.image.brokers.get(this.#replica.brokerId)?.brokerEpoch
    const isCurrent = registered === this.#replica.brokerEpoch
    const { partitions } = session
    return this.#inHand.read(
      isCurrent ? partitions.filter(each => !this.#isIdle(each)) : partitions,
    )
  }

  #isIdle(request: FetchPartition): boolean {
    const partition = this.#broker.replicas.find(request.topic, request.partition)
    if (partition === null || partition.topicId !== request.topicId) return false
    const { leading, log } = partition
    if (leading === null || request.currentLeaderEpoch !== leading.leaderEpoch) return false
    if (request.fetchOffset !== log.logEndOffset) return false
    const { session, context } = this.#inHand
    if (!session.wasTold(request, leading.highWatermark, log.logStartOffset)) return false
    const { brokerId, brokerEpoch } = this.#replica
    return leading.followerStays(brokerId, brokerEpoch, context.nowMs)
  }

  /** Takes in how far the follower is, and puts the high watermarks that follow into the answer. */
  #noteProgress({ partitions }: FetchRead): readonly Advance[] {
    const { replication } = this.#broker
    const { brokerId, brokerEpoch } = this.#replica
    const { nowMs } = this.#inHand.context
    let advances: Advance[] | null = null
    for (const read of partitions) {
      const { partition, request, error, divergingEpoch } = read
      if (partition === null || error !== null || divergingEpoch !== null) continue
      const from = partition.highWatermark
      const { fetchOffset, logStartOffset } = request
      const fetch = { brokerId, brokerEpoch, fetchOffset, logStartOffset, nowMs }
      replication.followerFetched(partition, fetch)
      if (partition.highWatermark === from) continue
      read.highWatermark = partition.highWatermark
      read.lastStableOffset = partition.lastStableOffset
      ;(advances ??= []).push({ partition, from })
    }
    return advances ?? NO_ADVANCES
  }
}
