/** Widths and hidden columns of one table, as its reader left them, kept in this browser. */
import { Store } from '../store.ts'
import type { Column } from './column.ts'

export interface Layout {
  readonly widths: Readonly<Record<string, number>>
  /** Columns switched away from what the table shows at first. */
  readonly toggled: readonly string[]
}

const COLUMN_WIDTH_MIN_PX = 40
const COLUMN_WIDTH_MAX_PX = 1_600
const EMPTY: Layout = { widths: {}, toggled: [] }

export class TableLayout extends Store<Layout> {
  readonly #key: string
  readonly #storage: Storage

  constructor(tableId: string, storage: Storage) {
    const key = `odradek.table.${tableId}`
    super(readLayout(storage.getItem(key)))
    this.#key = key
    this.#storage = storage
  }

  resize(columnId: string, width: number): void {
    const legal = Math.round(Math.min(Math.max(width, COLUMN_WIDTH_MIN_PX), COLUMN_WIDTH_MAX_PX))
    const layout = this.snapshot()
    this.#save({ ...layout, widths: { ...layout.widths, [columnId]: legal } })
  }

  /** Gives a column back the width that its table gives it. */
  release(columnId: string): void {
    const { [columnId]: _, ...widths } = this.snapshot().widths
    this.#save({ ...this.snapshot(), widths })
  }

  toggle(columnId: string): void {
    const layout = this.snapshot()
    const toggled = layout.toggled.includes(columnId)
      ? layout.toggled.filter(id => id !== columnId)
      : [...layout.toggled, columnId]
    this.#save({ ...layout, toggled })
  }

  reset(): void {
    this.#save(EMPTY)
  }

  /** As a saved view or an address has it; what it does not name stays. */
  take(change: Partial<Layout>): void {
    const next = { ...this.snapshot(), ...change }
    if (JSON.stringify(next) !== JSON.stringify(this.snapshot())) this.#save(next)
  }

  #save(layout: Layout): void {
    this.#storage.setItem(this.#key, JSON.stringify(layout))
    this.replace(layout)
  }
}

export function isShown<Row>(
  column: Pick<Column<Row>, 'id' | 'hiddenAtFirst'>,
  layout: Layout,
): boolean {
  return layout.toggled.includes(column.id) === (column.hiddenAtFirst === true)
}

/** The CSS grid of a row: fixed widths, and growing columns that never get narrower than theirs. */
export function gridTemplate<Row>(columns: readonly Column<Row>[], layout: Layout): string {
  const tracks = columns.map(column => {
    const chosen = layout.widths[column.id]
    if (chosen !== undefined) return `${chosen}px`
    if (column.grow === undefined) return `${column.width}px`
    return `minmax(${column.width}px, ${column.grow}fr)`
  })
  // With every column fixed by hand, the rest of the row stays empty instead of stretching one.
  return [...tracks, 'minmax(24px, 0.001fr)'].join(' ')
}

export function leastWidth<Row>(columns: readonly Column<Row>[], layout: Layout): number {
  return columns.reduce((sum, column) => sum + (layout.widths[column.id] ?? column.width), 24)
}

/** What is stored came from an earlier version or another hand, so nothing of it is trusted. */
function readLayout(stored: string | null): Layout {
  if (stored === null) return EMPTY
  try {
    const value: unknown = JSON.parse(stored)
    if (typeof value !== 'object' || value === null) return EMPTY
    const { widths, toggled } = value as Partial<Record<keyof Layout, unknown>>
    return {
      widths: Object.fromEntries(
        Object.entries(typeof widths === 'object' && widths !== null ? widths : {}).filter(
          (entry): entry is [string, number] => typeof entry[1] === 'number',
        ),
      ),
      toggled: Array.isArray(toggled) ? toggled.filter(id => typeof id === 'string') : [],
    }
  } catch {
    // Waits for text that is not JSON: a broken preference is worth no more than none.
    return EMPTY
  }
}
