/**
 * Elections that nobody asks for: leadership goes back to preferred replicas
 * (`auto.leader.rebalance.enable`), and partitions without a leader get an unclean one where
 * `unclean.leader.election.enable` allows it. Each is looked at once per interval, so that a
 * broker which comes and goes does not take its leaderships along each time.
 */
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { electedLeader } from './elect-leaders.ts'
import type { ControllerState } from './handled.ts'
import { NO_LEADER, type PartitionImage, type TopicImage } from './image-entries.ts'
import { attempt } from './item-error.ts'
import { uncleanElectionAllowed } from './partition-rules.ts'

/** As many as Apache Kafka elects in one batch; the rest follow in the next. */
const ELECTIONS_PER_BATCH_MAX = 1000
const UNCLEAN_INTERVAL_MS = 5 * 60_000
const MS_PER_SECOND = 1000

export class PeriodicElections {
  readonly #state: ControllerState
  /** Null while another controller is the active one. */
  #next: { uncleanMs: number; preferredMs: number } | null = null

  constructor(state: ControllerState) {
    this.#state = state
  }

  begin(nowMs: number): void {
    this.#next = {
      uncleanMs: nowMs + UNCLEAN_INTERVAL_MS,
      preferredMs: nowMs + this.#preferredIntervalMs(),
    }
  }

  end(): void {
    this.#next = null
  }

  /** When to look next, or null while another controller is the active one. */
  nextDeadlineMs(): number | null {
    if (this.#next === null) return null
    const { uncleanMs, preferredMs } = this.#next
    return Math.min(uncleanMs, preferredMs)
  }

  /** What is due by now. To be replayed, and then called again until there is nothing. */
  tick(nowMs: number): readonly MetadataRecord[] {
    const next = this.#next
    if (next === null) return []
    if (nowMs >= next.uncleanMs) {
      const records = this.#uncleanElections()
      if (records.length < ELECTIONS_PER_BATCH_MAX) next.uncleanMs = nowMs + UNCLEAN_INTERVAL_MS
      if (records.length > 0) return records
    }
    if (nowMs >= next.preferredMs) {
      const records = this.#preferredElections()
      if (records.length < ELECTIONS_PER_BATCH_MAX)
        next.preferredMs = nowMs + this.#preferredIntervalMs()
      return records
    }
    return []
  }

  #preferredIntervalMs(): number {
    const seconds = this.#state.settings().leaderImbalanceCheckIntervalSeconds
    return Number(seconds) * MS_PER_SECOND
  }

  #uncleanElections(): readonly MetadataRecord[] {
    const state = this.#state
    return this.#elections({
      election: 'unclean',
      of: topic => uncleanElectionAllowed(state, topic.name),
      needed: partition => partition.leader === NO_LEADER,
    })
  }

  #preferredElections(): readonly MetadataRecord[] {
    const balances = this.#state.settings().autoLeaderRebalanceEnable
    if (!balances) return []
    return this.#elections({
      election: 'preferred',
      of: () => true,
      needed: partition => partition.leader !== partition.replicas[0],
    })
  }

  #elections(wanted: {
    readonly election: 'preferred' | 'unclean'
    readonly of: (topic: TopicImage) => boolean
    readonly needed: (partition: PartitionImage) => boolean
  }): readonly MetadataRecord[] {
    const records: MetadataRecord[] = []
    for (const topic of this.#state.image.topicsById.values()) {
      if (!topic.partitions.some(wanted.needed) || !wanted.of(topic)) continue
      for (const [index, partition] of topic.partitions.entries()) {
        if (records.length === ELECTIONS_PER_BATCH_MAX) return records
        if (!wanted.needed(partition)) continue
        // One that cannot be elected now is looked at again after the interval.
        const change = attempt(
          () => electedLeader(this.#state, topic, index, wanted.election),
          () => null,
        )
        if (change !== null) records.push(change)
      }
    }
    return records
  }
}
