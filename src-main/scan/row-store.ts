/**
 * The rows that a search has found, as the bytes in which a worker encoded them: this thread
 * neither reads nor writes them again, and a hundred thousand of them are a few large buffers.
 */
import { EncodedValue } from '../contract/define.ts'
import type { RecordRow } from '../contract/model/record.ts'
import type { SearchUpdate } from './scan-api.ts'

type FoundRows = Pick<SearchUpdate, 'rows' | 'rowBytes' | 'timesMs' | 'rowRanges' | 'rowOffsets'>

export type RowOrder = 'found' | 'oldest-first' | 'newest-first'

export class RowStore {
  readonly #buffers: Uint8Array[] = []
  /** Of each row: its buffer, and where it begins and ends there. */
  readonly #bufferOf: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #timesMs: number[] = []
  /** What decides between rows of one time: the partition, by its number here, and the offset. */
  readonly #books: number[] = []
  readonly #offsets: number[] = []
  #byTime: Uint32Array | null = null
  bytes = 0

  get count(): number {
    return this.#bufferOf.length
  }

  /** `books` has the number of each range's partition. */
  add(
    { rows, rowBytes, timesMs, rowRanges, rowOffsets }: FoundRows,
    books: readonly number[],
  ): void {
    if (rowBytes.length === 0) return
    const buffer = this.#buffers.push(rows) - 1
    let at = 0
    for (const [index, length] of rowBytes.entries()) {
      this.#bufferOf.push(buffer)
      this.#from.push(at)
      this.#to.push(at + length)
      this.#timesMs.push(timesMs[index]!)
      this.#books.push(books[rowRanges[index]!]!)
      this.#offsets.push(rowOffsets[index]!)
      at += length
    }
    this.bytes += rows.length
    this.#byTime = null
  }

  rows(order: RowOrder, from: number, limit: number): readonly EncodedValue<RecordRow>[] {
    const to = Math.min(from + limit, this.count)
    const rows: EncodedValue<RecordRow>[] = []
    for (let place = from; place < to; place++) {
      const index = this.#indexAt(order, place)
      const buffer = this.#buffers[this.#bufferOf[index]!]!
      const bytes = buffer.subarray(this.#from[index], this.#to[index])
      rows.push(new EncodedValue(bytes, bytes.length))
    }
    return rows
  }

  #indexAt(order: RowOrder, place: number): number {
    if (order === 'found') return place
    this.#byTime ??= this.#sorted()
    return this.#byTime[order === 'oldest-first' ? place : this.count - 1 - place]!
  }

  #sorted(): Uint32Array {
    const [times, books, offsets] = [this.#timesMs, this.#books, this.#offsets]
    const order = Uint32Array.from({ length: this.count }, (_, index) => index)
    return order.sort(
      (a, b) => times[a]! - times[b]! || books[a]! - books[b]! || offsets[a]! - offsets[b]!,
    )
  }
}
