/**
 * Views and filters that got a name, kept in this browser: the address of a page without what was
 * selected on it, and the widths of its columns. A filter is a view of any topic.
 */
import { Store } from '../../../ui/store.ts'
import type { Layout } from '../../../ui/table/table-layout.ts'
import { queryOf, readMessagesSearch, type MessagesSearch } from '../query/address.ts'
import { readFilter, writeFilter } from '../query/filter-text.ts'

export interface SavedView {
  readonly name: string
  readonly type: 'view' | 'filter'
  /** The topic that it was saved on. */
  readonly topic: string
  readonly search: MessagesSearch
  readonly widths: Layout['widths']
}

const KEY = 'odradek.views'
export const VIEWS_MAX = 500
export const NAME_LENGTH_MAX = 80
const FILE_KIND = 'odradek-views'

export class SavedViews extends Store<readonly SavedView[]> {
  readonly #storage: Storage

  constructor(storage: Storage) {
    super(readViews(parsed(storage.getItem(KEY))))
    this.#storage = storage
  }

  /** One of the same name and kind is replaced. */
  save(view: SavedView): void {
    this.#keep([...this.#without(view), view])
  }

  remove(view: SavedView): void {
    this.#keep(this.#without(view))
  }

  /** Views of a file, beside the own ones; answers how many, or null when it is no such file. */
  import(text: string): number | null {
    const file = parsed(text)
    if (typeof file !== 'object' || file === null) return null
    const { kind, views } = file as { kind?: unknown; views?: unknown }
    if (kind !== FILE_KIND || !Array.isArray(views)) return null
    const given = readViews(views)
    const names = new Set(given.map(nameOf))
    this.#keep([...this.snapshot().filter(own => !names.has(nameOf(own))), ...given])
    return given.length
  }

  #without(view: SavedView): readonly SavedView[] {
    return this.snapshot().filter(known => nameOf(known) !== nameOf(view))
  }

  #keep(views: readonly SavedView[]): void {
    const sorted = views
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
      .slice(0, VIEWS_MAX)
    this.#storage.setItem(KEY, JSON.stringify(sorted))
    this.replace(sorted)
  }
}

export function viewFile(views: readonly SavedView[]): string {
  return JSON.stringify({ kind: FILE_KIND, version: 1, views }, null, 2)
}

/** What of an address is worth a name: not what was selected, nor one run of a search. */
export function viewSearch(search: MessagesSearch, type: SavedView['type']): MessagesSearch {
  if (type === 'filter') return writeFilter(queryOf(search).filter)
  const { at: _at, with: _with, tab: _tab, run: _run, ...rest } = search
  return rest
}

function nameOf({ type, name }: SavedView): string {
  return `${type} ${name}`
}

/** What is stored came from an earlier version or another hand, so nothing of it is trusted. */
function readViews(value: unknown): readonly SavedView[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: unknown): SavedView | [] => {
    if (typeof each !== 'object' || each === null) return []
    const { name, type, topic, search, widths } = each as Record<string, unknown>
    if (typeof name !== 'string' || name.trim() === '' || typeof topic !== 'string') return []
    if (typeof search !== 'object' || search === null) return []
    const isFilter = type === 'filter'
    return {
      name: name.trim().slice(0, NAME_LENGTH_MAX),
      type: isFilter ? 'filter' : 'view',
      topic,
      search: isFilter ? writeFilter(readFilter(search)) : readMessagesSearch({ ...search }),
      widths: readWidths(widths),
    }
  })
}

function readWidths(value: unknown): Layout['widths'] {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0,
    ),
  )
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    // Waits for text that is not JSON, which holds no views.
    return null
  }
}
