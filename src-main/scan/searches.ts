/** All searches there are, those that have ended and are still kept among them. */
import { SEARCHES_MAX, type SearchQuery } from '../contract/api/search.ts'
import { ContractError } from '../contract/define.ts'
import { checkFilter } from '../filter/compile-filter.ts'
import { Search, type SearchContext } from './search.ts'

export class Searches {
  readonly #context: SearchContext
  readonly #onChange: (cluster: string) => void
  readonly #searches = new Map<string, Search>()
  #nextId = 1

  constructor(context: SearchContext, onChange: (cluster: string) => void) {
    this.#context = context
    this.#onChange = onChange
  }

  /** Rejects with a `ContractError`: the filter does not compile, nothing can be read. */
  async start(query: SearchQuery, signal: AbortSignal): Promise<Search> {
    const { workers } = this.#context
    const { cluster, filter, sources, from, until, direction, isolation } = query
    checkFilter(filter)
    const isolated = isolation === undefined ? {} : { isolation }
    const plan = await workers.call(
      'scan.plan',
      { cluster, sources, from, until, direction, ...isolated },
      { signal },
    )
    this.#makeRoom()
    const search = new Search(`search-${this.#nextId++}`, query, plan, this.#context)
    this.#searches.set(search.searchId, search)
    search.go()
    this.#onChange(cluster)
    return search
  }

  /** Throws a `ContractError` NOT_FOUND. */
  get(searchId: string): Search {
    const search = this.#searches.get(searchId)
    if (search !== undefined) return search
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no search is ${searchId}`,
      remedy: 'It was closed, or the application was started anew. Search again.',
    })
  }

  has(searchId: string): boolean {
    return this.#searches.has(searchId)
  }

  /** The newest first. */
  list(cluster: string | null): readonly Search[] {
    const all = [...this.#searches.values()].reverse()
    return cluster === null ? all : all.filter(search => search.query.cluster === cluster)
  }

  go(searchId: string): Search {
    const search = this.get(searchId)
    search.go()
    this.#onChange(search.query.cluster)
    return search
  }

  async stop(searchId: string): Promise<Search> {
    const search = this.get(searchId)
    await search.stop()
    this.#onChange(search.query.cluster)
    return search
  }

  pin(searchId: string, pinned: boolean): Search {
    const search = this.get(searchId)
    search.pinned = pinned
    this.#onChange(search.query.cluster)
    return search
  }

  async close(searchId: string): Promise<void> {
    const search = this.get(searchId)
    this.#searches.delete(searchId)
    await search.stop()
    this.#onChange(search.query.cluster)
  }

  /** The oldest that nobody holds on to goes. */
  #makeRoom(): void {
    if (this.#searches.size < SEARCHES_MAX) return
    const oldest = [...this.#searches.values()].find(({ pinned, running }) => !pinned && !running)
    if (oldest !== undefined) {
      this.#searches.delete(oldest.searchId)
      return
    }
    throw new ContractError({
      code: 'INVALID_INPUT',
      message: `${SEARCHES_MAX} searches are pinned or running`,
      remedy: 'Close one of them first.',
    })
  }
}
