/**
 * Starts a search when a page's query asks for one that is not running yet, and tells its name.
 * A page that is gone before the answer takes its search away again.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { searchApi } from '../../../../src-main/contract/api/search.ts'
import type { InputOf, Problem } from '../../../../src-main/contract/define.ts'
import { problemOf } from '../../../connection/answer.ts'
import { Store } from '../../../ui/store.ts'

export type SearchInput = InputOf<typeof searchApi, 'search.start'>

export interface StartedSearchState {
  readonly searchId: string | null
  readonly problem: Problem | null
}

export class StartedSearch extends Store<StartedSearchState> {
  readonly #client: ApplicationClient
  /** Null where no search is asked for. */
  readonly #input: (() => SearchInput) | null
  #closed = false

  constructor(client: ApplicationClient, input: (() => SearchInput) | null) {
    super({ searchId: null, problem: null })
    this.#client = client
    this.#input = input
  }

  open(): void {
    this.#closed = false
    if (this.#input !== null && this.snapshot().searchId === null) void this.#start(this.#input)
  }

  close(): void {
    this.#closed = true
  }

  async #start(input: () => SearchInput): Promise<void> {
    try {
      const { searchId } = await this.#client.call('search.start', input())
      if (this.#closed) await this.#client.call('search.close', { searchId })
      else this.replace({ searchId, problem: null })
    } catch (error) {
      // The page shows it at the filter, which is what can be wrong with it.
      if (!this.#closed) this.replace({ searchId: null, problem: problemOf(error) })
    }
  }
}
