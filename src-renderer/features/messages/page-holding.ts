/** Finds the page of a view that holds a record, of which only partition and offset are known. */
import type { Cut, RecordPage } from '../../../src-main/contract/model/record.ts'
import type { From, RecordPlace } from './messages-search.ts'
import { recordKey } from './record-run.ts'

/** Where a page may begin: what an address can say, and what only a view knows. */
export type Seek =
  | From
  | { readonly type: 'position'; readonly position: bigint }
  | { readonly type: 'cut'; readonly cut: Cut }

export interface Searched {
  readonly base: Cut
  /** Of the view, as a position. */
  readonly end: bigint
  /** Rows to have before the record. */
  readonly context: bigint
  readonly ask: (from: Seek) => Promise<RecordPage>
  readonly timestampOf: () => Promise<bigint>
}

/**
 * With one partition a position is just an offset. With several the record's time leads near it,
 * and the page there has it unless hundreds share that time. Null when it is not found.
 */
export async function pageHolding(at: RecordPlace, view: Searched): Promise<RecordPage | null> {
  const [only, ...others] = view.base
  try {
    if (only !== undefined && others.length === 0) {
      const position = at.offset - only.offset
      if (only.partition !== at.partition || position < 0n || position >= view.end) return null
      const from = position - view.context
      return await view.ask({ type: 'position', position: from < 0n ? 0n : from })
    }
    const timestampMs = await view.timestampOf()
    const page = await view.ask({
      type: 'timestamp',
      timestampMs: timestampMs < 0n ? 0n : timestampMs,
    })
    return page.rows.some(row => recordKey(row) === recordKey(at)) ? page : null
  } catch {
    // The record is gone, which the inspector says; the view opens where it would without it.
    return null
  }
}
