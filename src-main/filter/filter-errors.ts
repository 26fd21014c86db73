/** What a filter could not judge. It never stops a search: it is counted, and the first is named. */
import type { FilterError, TopicPartition } from '../contract/model/search.ts'

/** One record's failure, thrown by a test. */
export class RecordProblem extends Error {
  override readonly name = 'RecordProblem'
}

/** Kinds that are told apart; further ones are counted together. */
const KINDS_MAX = 20
const OTHERS = 'other errors'

export class FilterErrors {
  readonly #kinds = new Map<string, { count: number; readonly first: FilterError['first'] }>()
  count = 0

  add(message: string, place: TopicPartition & { readonly offset: bigint }): void {
    this.count++
    const name = this.#kinds.has(message) || this.#kinds.size < KINDS_MAX ? message : OTHERS
    const known = this.#kinds.get(name)
    if (known === undefined) this.#kinds.set(name, { count: 1, first: place })
    else known.count++
  }

  list(): readonly FilterError[] {
    return [...this.#kinds].map(([message, { count, first }]) => ({
      message,
      count: BigInt(count),
      first,
    }))
  }
}
