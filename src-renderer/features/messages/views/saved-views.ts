/**
 * Views and filters that got a name, kept by the application: the address of a page without what
 * was selected on it, and the widths of its columns. A filter is a view of any topic.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { KeptItem } from '../../../../src-main/contract/model/preference.ts'
import { KeptItems } from '../../../connection/kept-items.ts'
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

/** Where earlier versions kept them, in the browser. */
const FORMER_KEY = 'odradek.views'
export const NAME_LENGTH_MAX = 80
const FILE_KIND = 'odradek-views'

export class SavedViews extends KeptItems {
  constructor(client: ApplicationClient, storage: Pick<Storage, 'getItem' | 'removeItem'>) {
    super(client, 'views', {
      storage,
      key: FORMER_KEY,
      read: text => readViews(parsed(text)).map(asItem),
    })
  }

  /** Those of the same name and kind are replaced. */
  save(views: readonly SavedView[]): Promise<Problem | null> {
    return this.keep(views.map(asItem))
  }

  forget(view: SavedView): Promise<Problem | null> {
    return this.remove([nameOf(view)])
  }
}

/** In the order of their names. What cannot be read is left out: it stays, for a version that can. */
export function viewsIn(items: readonly KeptItem[]): readonly SavedView[] {
  return items
    .flatMap(({ text }) => readViews([parsed(text)]))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** As text of a file. */
export function viewFile(views: readonly SavedView[]): string {
  return JSON.stringify({ kind: FILE_KIND, version: 1, views }, null, 2)
}

/** Null where it is no such file. */
export function readViewFile(text: string): readonly SavedView[] | null {
  const file = parsed(text)
  if (typeof file !== 'object' || file === null) return null
  const { kind, views } = file as { kind?: unknown; views?: unknown }
  return kind === FILE_KIND && Array.isArray(views) ? readViews(views) : null
}

/** What of an address is worth a name: not what was selected, nor one run of a search. */
export function viewSearch(search: MessagesSearch, type: SavedView['type']): MessagesSearch {
  if (type === 'filter') return writeFilter(queryOf(search).filter)
  const { at: _at, with: _with, tab: _tab, run: _run, ...rest } = search
  return rest
}

function asItem(view: SavedView): KeptItem {
  return { name: nameOf(view), text: JSON.stringify(view) }
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Waits for text that is not JSON, which holds no views.
    return null
  }
}
