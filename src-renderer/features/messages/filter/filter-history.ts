/** Filters that were run, the latest first, kept in the storage of this browser. */
import { Store } from '../../../ui/store.ts'
import {
  isEmptyFilter,
  readFilter,
  sameFilter,
  writeFilter,
  type PageFilter,
} from '../query/filter-text.ts'

const KEY = 'odradek.filters'
const KEPT_MAX = 30

export class FilterHistory extends Store<readonly PageFilter[]> {
  readonly #storage: Storage

  constructor(storage: Storage) {
    super(readHistory(storage.getItem(KEY)))
    this.#storage = storage
  }

  add(filter: PageFilter): void {
    if (isEmptyFilter(filter)) return
    const others = this.snapshot().filter(known => !sameFilter(known, filter))
    this.#save([filter, ...others].slice(0, KEPT_MAX))
  }

  clear(): void {
    this.#save([])
  }

  #save(filters: readonly PageFilter[]): void {
    this.#storage.setItem(KEY, JSON.stringify(filters.map(writeFilter)))
    this.replace(filters)
  }
}

/** What is stored came from an earlier version or another hand, so nothing of it is trusted. */
function readHistory(stored: string | null): readonly PageFilter[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]')
    if (!Array.isArray(value)) return []
    return value
      .filter((each): each is object => typeof each === 'object' && each !== null)
      .map(each => readFilter(each))
      .filter(filter => !isEmptyFilter(filter))
      .slice(0, KEPT_MAX)
  } catch {
    // Waits for text that is not JSON: a broken history is worth no more than none.
    return []
  }
}
