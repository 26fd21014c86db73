/** A table's order as the address says it: `name`, or `-size` for the largest first. */
import type { Sort } from './column.ts'

export function readSort(text: unknown, columns: readonly string[]): Sort | undefined {
  if (typeof text !== 'string') return undefined
  const descending = text.startsWith('-')
  const column = descending ? text.slice(1) : text
  if (!columns.includes(column)) return undefined
  return { column, direction: descending ? 'descending' : 'ascending' }
}

export function writeSort(sort: Sort): string {
  return sort.direction === 'descending' ? `-${sort.column}` : sort.column
}

export type SortValue = string | number | bigint | null | undefined

/** Compares two values; what is unknown comes last in either direction. */
export function compare(a: SortValue, b: SortValue, direction: Sort['direction']): number {
  const aMissing = a === null || a === undefined
  const bMissing = b === null || b === undefined
  if (aMissing || bMissing) return aMissing === bMissing ? 0 : aMissing ? 1 : -1
  const sign = direction === 'ascending' ? 1 : -1
  if (typeof a === 'string' && typeof b === 'string') return sign * compareText(a, b)
  return a < b ? -sign : a > b ? sign : 0
}

/** As people count: `orders-2` before `orders-10`. */
function compareText(a: string, b: string): number {
  return COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

const COLLATOR = new Intl.Collator('en', { numeric: true })
