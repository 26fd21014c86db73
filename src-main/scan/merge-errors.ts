/** Errors of a filter that several workers have met, as one list. */
import type { FilterError } from '../contract/model/search.ts'

export function mergeErrors(lists: readonly (readonly FilterError[])[]): readonly FilterError[] {
  const merged = new Map<string, FilterError>()
  for (const error of lists.flat()) {
    const known = merged.get(error.message)
    merged.set(
      error.message,
      known === undefined ? error : { ...known, count: known.count + error.count },
    )
  }
  return [...merged.values()]
}
