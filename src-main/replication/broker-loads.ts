/**
 * How many replicas and preferred leaders each broker would have, kept while a plan is made, and
 * the choices that follow from it. Ties go to the lower id, so that a plan can be repeated.
 */
export interface LoadedBroker {
  readonly id: number
  readonly rack: string | null
}

interface Load {
  replicas: number
  preferred: number
}

export class BrokerLoads {
  readonly #loads = new Map<number, Load>()
  readonly #racks: ReadonlyMap<number, string | null>

  constructor(
    partitions: readonly { readonly replicas: readonly number[] }[],
    brokers: readonly LoadedBroker[],
  ) {
    this.#racks = new Map(brokers.map(({ id, rack }) => [id, rack]))
    for (const { replicas } of partitions) this.#count(replicas, 1)
  }

  change(before: readonly number[], after: readonly number[]): void {
    this.#count(before, -1)
    this.#count(after, 1)
  }

  /** Whom to give one more replica: a rack of its own first, then the least that it has to hold. */
  lightest(
    targets: readonly LoadedBroker[],
    taken: ReadonlySet<number>,
    preferred: boolean,
  ): number | null {
    const racksTaken = new Set([...taken].map(id => this.#racks.get(id) ?? null))
    const rankOf = ({ id, rack }: LoadedBroker): readonly number[] => {
      const load = this.#loadOf(id)
      const crowded = rack !== null && racksTaken.has(rack) ? 1 : 0
      return [crowded, load.replicas, preferred ? load.preferred : 0, id]
    }
    const free = targets.filter(({ id }) => !taken.has(id))
    const [first] = free.sort((a, b) => compareRanks(rankOf(a), rankOf(b)))
    return first?.id ?? null
  }

  /** Gives a replica of a heavy broker to a light one; the last of the list goes first. */
  lightened(replicas: readonly number[], targets: readonly LoadedBroker[]): readonly number[] {
    const result = [...replicas]
    for (let place = result.length - 1; place >= 0; place--) {
      const others = new Set(result)
      const own = result[place]!
      const rest = new Set(result.filter(id => id !== own))
      const chosen = this.lightest(targets, rest, false)
      if (chosen === null || others.has(chosen)) continue
      const gained = this.#loadOf(own).replicas - this.#loadOf(chosen).replicas
      if (gained < 2 || this.#rackIsLost(own, chosen, rest)) continue
      const before = [...result]
      result[place] = chosen
      this.change(before, result)
    }
    return result
  }

  /** Another of its replicas first, where the first leads too much already: nothing is copied. */
  reordered(replicas: readonly number[]): readonly number[] {
    const [first] = replicas
    if (first === undefined) return replicas
    const lightest = replicas.reduce((best, id) =>
      this.#loadOf(id).preferred < this.#loadOf(best).preferred ? id : best,
    )
    if (this.#loadOf(first).preferred - this.#loadOf(lightest).preferred < 2) return replicas
    return [lightest, ...replicas.filter(id => id !== lightest)]
  }

  /** A partition on two racks stays on two. */
  #rackIsLost(own: number, chosen: number, rest: ReadonlySet<number>): boolean {
    const racks = new Set([...rest].map(id => this.#racks.get(id) ?? null))
    const before = this.#racks.get(own) ?? null
    return !racks.has(before) && racks.has(this.#racks.get(chosen) ?? null)
  }

  #count(replicas: readonly number[], by: 1 | -1): void {
    for (const [place, id] of replicas.entries()) {
      const load = this.#loadOf(id)
      load.replicas += by
      if (place === 0) load.preferred += by
    }
  }

  #loadOf(id: number): Load {
    const found = this.#loads.get(id) ?? { replicas: 0, preferred: 0 }
    this.#loads.set(id, found)
    return found
  }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [place, rank] of a.entries()) if (rank !== b[place]) return rank - b[place]!
  return 0
}
