/**
 * What is known of one group from the outside: who owned what in which generation, and what was
 * committed. A power cut of its coordinator may take back anything that was not flushed, so it
 * begins a new era in which nothing is known.
 */
import { hold } from './violation.ts'

interface Commit {
  readonly offset: bigint
  state: 'sent' | 'acknowledged' | 'superseded' | 'refused' | 'in-doubt'
}

export class GroupHistory {
  readonly groupId: string
  era = 0
  generation = -1
  readonly #owners = new Map<string, string>()
  readonly #leaders = new Map<number, string>()
  readonly #commits = new Map<string, Commit[]>()
  readonly #processed = new Map<string, Set<bigint>>()

  constructor(groupId: string) {
    this.groupId = groupId
  }

  powerCut(): void {
    this.era++
    this.generation = -1
    this.#owners.clear()
    this.#leaders.clear()
    for (const commits of this.#commits.values())
      for (const commit of commits) if (commit.state !== 'refused') commit.state = 'in-doubt'
  }

  /**
   * SyncGroup was answered: the member owns these partitions in this generation. Only now is the
   * generation on a disk: one that has merely been joined ends with its coordinator.
   */
  owns(
    member: { readonly memberId: string; readonly generation: number; readonly leads: boolean },
    partitions: readonly string[],
  ): void {
    const { memberId, generation, leads } = member
    if (generation > this.generation) this.generation = generation
    if (leads) {
      const leader = this.#leaders.get(generation) ?? memberId
      hold(
        leader === memberId,
        `${this.groupId}: generation ${generation} is led by ${leader} and by ${memberId}`,
      )
      this.#leaders.set(generation, memberId)
    }
    for (const partition of partitions) {
      const key = `${generation}/${partition}`
      const owner = this.#owners.get(key)
      hold(
        owner === undefined || owner === memberId,
        `${this.groupId}: ${partition} belongs to ${owner} and ${memberId} in ${generation}`,
      )
      this.#owners.set(key, memberId)
    }
  }

  processed(partition: string, offset: bigint): void {
    entryOf(this.#processed, partition, () => new Set<bigint>()).add(offset)
  }

  isProcessed(partition: string, offset: bigint): boolean {
    return this.#processed.get(partition)?.has(offset) ?? false
  }

  /** A commit leaves; the returned function takes its answer. */
  commits(partition: string, offset: bigint, generation: number) {
    const { era } = this
    const isStale = generation < this.generation
    const commit: Commit = { offset, state: 'sent' }
    entryOf(this.#commits, partition, () => []).push(commit)
    return (answer: 'acknowledged' | 'refused' | 'in-doubt') => {
      if (era !== this.era) return
      hold(
        !(isStale && answer === 'acknowledged'),
        `${this.groupId}: generation ${generation} committed when a later one had begun`,
      )
      commit.state = answer
      if (answer === 'acknowledged') this.#supersede(partition, commit)
    }
  }

  /** OffsetFetch was asked; the returned function takes the offset that was answered. */
  asks(partition: string): (offset: bigint) => void {
    const { era } = this
    const possible = new Set(this.#possible(partition))
    const isCommitted = [...possible].some(({ state }) => state === 'acknowledged')
    return offset => {
      if (era !== this.era) return
      for (const commit of this.#possible(partition)) possible.add(commit)
      hold(
        offset < 0n ? !isCommitted : [...possible].some(each => each.offset === offset),
        `${this.groupId}: ${partition} is said to be committed at ${offset}, expected ` +
          [...possible].map(each => `${each.offset} (${each.state})`).join(' or '),
      )
    }
  }

  #possible(partition: string): Commit[] {
    const commits = this.#commits.get(partition) ?? []
    return commits.filter(({ state }) => state !== 'refused' && state !== 'superseded')
  }

  /** What was certain before is replaced; what is in doubt may still arrive. */
  #supersede(partition: string, latest: Commit): void {
    for (const commit of this.#commits.get(partition) ?? [])
      if (commit !== latest && commit.state === 'acknowledged') commit.state = 'superseded'
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
