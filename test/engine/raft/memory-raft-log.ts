/** A node's log and its election state in memory: what a write leaves behind outlives a crash. */
import type {
  ElectionState,
  ElectionStore,
  LogPlace,
  RaftLog,
} from '../../../engine/raft/raft-log.ts'
import { voterSetOf, type Voter, type VoterSet } from '../../../engine/raft/voter-set.ts'

export interface Entry {
  readonly leaderEpoch: number
  readonly value: string
  readonly voters: readonly Voter[] | null
}

/** Defects that a test plants to see that it would be found. */
export type PlantedBug = 'vote not persisted' | 'truncation left out' | 'appends lost in a crash'

export class MemoryRaftLog implements RaftLog {
  startOffset = 0n
  entries: Entry[] = []
  /** What a snapshot stands for: the entries that went. */
  snapshotted: Entry[] = []
  snapshots: LogPlace[] = []
  readonly #formatted: VoterSet
  readonly #bug: PlantedBug | null
  #incoming = ''

  constructor(formatted: VoterSet, bug: PlantedBug | null = null) {
    this.#formatted = formatted
    this.#bug = bug
  }

  get endOffset(): bigint {
    return this.startOffset + BigInt(this.entries.length)
  }

  get latestEpoch(): number {
    return this.entries.at(-1)?.leaderEpoch ?? this.latestSnapshot?.leaderEpoch ?? 0
  }

  get earliestSnapshot(): LogPlace | null {
    return this.snapshots[0] ?? null
  }

  get latestSnapshot(): LogPlace | null {
    return this.snapshots.at(-1) ?? null
  }

  get voters(): VoterSet {
    const named = [...this.snapshotted, ...this.entries].findLast(entry => entry.voters !== null)
    return named?.voters ? voterSetOf(named.voters) : this.#formatted
  }

  /** Everything from the first record on, what is in snapshots included. */
  get all(): Entry[] {
    return [...this.snapshotted, ...this.entries]
  }

  endOfEpoch(leaderEpoch: number): LogPlace {
    let place: LogPlace = {
      endOffset: this.startOffset,
      leaderEpoch: this.snapshotted.at(-1)?.leaderEpoch ?? 0,
    }
    for (const [index, entry] of this.entries.entries()) {
      if (entry.leaderEpoch > leaderEpoch) break
      const endOffset = this.startOffset + BigInt(index) + 1n
      place = { endOffset, leaderEpoch: entry.leaderEpoch }
    }
    return place
  }

  append(leaderEpoch: number, value: string, voters: readonly Voter[] | null = null): void {
    this.entries.push({ leaderEpoch, value, voters })
  }

  appendLeaderChange(change: { readonly leaderEpoch: number; readonly leaderId: number }): void {
    this.append(change.leaderEpoch, `leader ${change.leaderId}`)
  }

  appendVoters(voters: VoterSet, { leaderEpoch }: { readonly leaderEpoch: number }): void {
    this.append(leaderEpoch, 'voters', [...voters.values()])
  }

  read(fetchOffset: bigint, upToOffset: bigint, max: number): Uint8Array {
    const from = Number(fetchOffset - this.startOffset)
    const to = Math.min(Number(upToOffset - this.startOffset), from + max)
    if (to <= from) return new Uint8Array(0)
    return Buffer.from(JSON.stringify(this.entries.slice(from, to)))
  }

  appendFetched(batches: Uint8Array): void {
    this.entries.push(...(JSON.parse(Buffer.from(batches).toString()) as Entry[]))
  }

  truncateTo(offset: bigint): void {
    if (this.#bug === 'truncation left out') return
    this.entries.length = Number(offset - this.startOffset)
  }

  /** Takes a snapshot of all below `endOffset`, and keeps none of the records. */
  takeSnapshot(endOffset: bigint): void {
    const count = Number(endOffset - this.startOffset)
    if (count <= 0) return
    const leaderEpoch = this.entries[count - 1]!.leaderEpoch
    this.snapshots = [{ endOffset, leaderEpoch }]
    this.snapshotted.push(...this.entries.slice(0, count))
    this.entries = this.entries.slice(count)
    this.startOffset = endOffset
  }

  snapshotBytes(): Uint8Array {
    return Buffer.from(JSON.stringify(this.snapshotted))
  }

  writeSnapshotPart(_snapshot: LogPlace, position: bigint, bytes: Uint8Array): void {
    const before = Buffer.from(this.#incoming, 'latin1').subarray(0, Number(position))
    this.#incoming = Buffer.concat([before, bytes]).toString('latin1')
  }

  finishSnapshot(snapshot: LogPlace): void {
    this.snapshotted = JSON.parse(Buffer.from(this.#incoming, 'latin1').toString()) as Entry[]
    this.#incoming = ''
    this.snapshots = [snapshot]
    this.startOffset = snapshot.endOffset
    this.entries = []
  }

  crash(): void {
    this.#incoming = ''
    if (this.#bug === 'appends lost in a crash')
      this.entries.length = Math.max(0, this.entries.length - 2)
  }
}

export class MemoryElectionStore implements ElectionStore {
  #state: ElectionState | null = null
  readonly #forgetsVotes: boolean

  constructor(bug: PlantedBug | null = null) {
    this.#forgetsVotes = bug === 'vote not persisted'
  }

  read(): ElectionState | null {
    return this.#state
  }

  write(state: ElectionState): void {
    this.#state = this.#forgetsVotes ? { ...state, votedFor: null } : state
  }
}
