/** What a view of records is asked for, and what it says of itself to the page that draws it. */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { FieldColumn, Seek, ViewEnd } from '../../../../src-main/contract/api/record.ts'
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { DecoderChoice } from '../../../../src-main/contract/model/decode.ts'
import type { PartitionProblem, RecordPage } from '../../../../src-main/contract/model/record.ts'
import type { RowSource } from '../../../ui/table/column.ts'
import type { RecordPlace } from '../query/address.ts'
import type { KeyOfRow } from './record-key.ts'
import type { RecordLine } from './record-line.ts'
import type { RowAt } from './record-run.ts'

export interface RecordViewOptions {
  readonly client: ApplicationClient
  readonly cluster: string
  /** The page's own topic, which a place leaves out. */
  readonly topic: string
  readonly sources: readonly {
    readonly topic: string
    readonly partitions: readonly number[] | null
  }[]
  readonly isolation: 'read_uncommitted' | 'read_committed'
  /** `newest` looks backward from the end; everything else is where the table begins. */
  readonly from: Seek
  readonly until: ViewEnd
  /** A record that a link points at: the view begins where it is. */
  readonly at: RecordPlace | null
  readonly look: RowLook
  readonly keyOf: KeyOfRow
}

/** How rows are drawn; it may change while the view stays. */
export interface RowLook {
  readonly fields: readonly FieldColumn[]
  readonly decoders: { readonly key: DecoderChoice; readonly value: DecoderChoice }
}

export interface RecordViewState {
  readonly opened: boolean
  readonly rows: RowSource<RecordLine>
  readonly order: 'newest-first' | 'oldest-first'
  /** The row that the view was asked to begin at; a new object for each wish. */
  readonly beginAt: { readonly row: number; readonly align: 'start' } | undefined
  /** Records that came and are not in the table yet. */
  readonly newCount: bigint
  /** The end of the logs, as a place in the view, as far as it is known. */
  readonly liveEnd: bigint
  /** Of the largest offset that was seen. */
  readonly digits: number
  readonly problem: Problem | null
  readonly partitionProblems: readonly PartitionProblem[]
  readonly lastPage: { readonly rows: number; readonly bytes: number; readonly ms: number } | null
}

export function lineOf(row: RowAt, position: bigint): RecordLine | undefined {
  return row === 'gap' ? { gapAt: position } : row
}

export function pageFigures({ rows, bytesRead, elapsedMs, problems }: RecordPage) {
  return {
    lastPage: { rows: rows.length, bytes: bytesRead, ms: elapsedMs },
    partitionProblems: problems,
  }
}
