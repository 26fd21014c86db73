/** Finds the page of a view that holds a record, of which only its place in the log is known. */
import type { Seek } from '../../../../src-main/contract/api/record.ts'
import type { PartitionOffset, RecordPage } from '../../../../src-main/contract/model/record.ts'

export interface Searched {
  readonly base: readonly PartitionOffset[]
  /** Of the view, as a position. */
  readonly end: bigint
  /** Rows to have before the record. */
  readonly context: bigint
  readonly ask: (from: Seek) => Promise<RecordPage>
  readonly timestampOf: () => Promise<bigint>
}

interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/**
 * With one partition a position is just an offset. With several the record's time leads near it,
 * and the page there has it unless hundreds share that time. Null when it is not found.
 */
export async function pageHolding(at: Place, view: Searched): Promise<RecordPage | null> {
  const [only, ...others] = view.base
  try {
    if (only !== undefined && others.length === 0) {
      const position = at.offset - only.offset
      if (!isIn(at, only) || position < 0n || position >= view.end) return null
      const from = position - view.context
      return await view.ask({ type: 'position', position: from < 0n ? 0n : from })
    }
    if (!view.base.some(each => isIn(at, each) && at.offset >= each.offset)) return null
    const timestampMs = await view.timestampOf()
    const page = await view.ask({
      type: 'timestamp',
      timestampMs: timestampMs < 0n ? 0n : timestampMs,
    })
    return page.rows.some(row => isIn(at, row) && row.offset === at.offset) ? page : null
  } catch {
    // The record is gone, which the panel says; the view opens where it would without it.
    return null
  }
}

function isIn(at: Place, other: Omit<Place, 'offset'>): boolean {
  return at.topic === other.topic && at.partition === other.partition
}
