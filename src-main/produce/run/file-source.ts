/**
 * Records from a file that someone else reads and hands over piece by piece. A piece is taken when
 * the one before is nearly used up, which is how its giver learns to wait.
 */
import type { FieldMapping, FileFormat } from '../../contract/api/produce.ts'
import { ContractError } from '../../contract/define.ts'
import { recordOfRow } from '../rows/row-record.ts'
import { RowError, type Row } from '../rows/row.ts'
import { rowReader, type RowReader } from '../rows/rows.ts'
import type { RecordSink, RecordSource } from './record-source.ts'

/** Whoever gives a file and falls silent for so long has gone. */
const SILENCE_MS_MAX = 60_000

export interface FileSourceOptions {
  readonly format: FileFormat
  readonly mapping: FieldMapping
  readonly nowMs: () => number
  /** Resolves after this time, or at once when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

interface Given {
  readonly bytes: Uint8Array
  readonly last: boolean
  taken(): void
}

export class FileSource implements RecordSource {
  readonly #options: FileSourceOptions
  readonly #reader: RowReader
  #given: Given[] = []
  #rows: readonly (Row | RowError)[] = []
  #at = 0
  #ended = false
  #closed = false
  #wake: () => void = () => {}
  /** Bytes of the pieces that were taken. */
  readBytes = 0

  constructor(options: FileSourceOptions) {
    this.#options = options
    this.#reader = rowReader(options.format)
  }

  /** Resolves when the next piece may come. Throws where none is wanted any more. */
  async feed(bytes: Uint8Array, last: boolean): Promise<void> {
    if (this.#closed || this.#ended)
      throw new ContractError({ code: 'CANCELLED', message: 'the run takes no more of the file' })
    await new Promise<void>(resolve => {
      this.#given.push({ bytes, last, taken: resolve })
      this.#wake()
    })
  }

  pull(max: number, sink: RecordSink): number | null | Promise<number | null> {
    if (this.#closed) return null
    if (this.#at >= this.#rows.length) {
      if (!this.#more()) return this.#later(max, sink)
    }
    return this.#ended && this.#at >= this.#rows.length ? null : this.#give(max, sink)
  }

  close(): void {
    this.#closed = true
    for (const each of this.#given) each.taken()
    this.#given = []
    this.#wake()
  }

  /** Whether there are rows now, or never will be. */
  #more(): boolean {
    while (this.#at >= this.#rows.length && !this.#ended) {
      const given = this.#given.shift()
      if (given === undefined) return false
      this.readBytes += given.bytes.length
      const rows = this.#reader.push(given.bytes)
      this.#rows = given.last ? [...rows, ...this.#reader.end()] : rows
      this.#at = 0
      this.#ended = given.last
      given.taken()
    }
    return true
  }

  async #later(max: number, sink: RecordSink): Promise<number | null> {
    const { wait } = this.#options
    const heard = new AbortController()
    const silent = wait(SILENCE_MS_MAX, heard.signal).then(() => 'silence')
    while (!this.#closed && !this.#more()) {
      const woken = new Promise<string>(resolve => (this.#wake = () => resolve('given')))
      const what = await Promise.race([woken, silent])
      if (what === 'silence')
        throw new ContractError({
          code: 'DISCONNECTED',
          message: 'the page that reads the file has gone',
          remedy:
            'The records sent so far are in the topic. Begin again with the rest of the file.',
        })
    }
    heard.abort()
    return this.pull(max, sink)
  }

  #give(max: number, sink: RecordSink): number {
    const { mapping, nowMs } = this.#options
    const end = Math.min(this.#at + max, this.#rows.length)
    const begin = this.#at
    const atMs = nowMs()
    for (; this.#at < end; this.#at++) {
      const row = this.#rows[this.#at]!
      try {
        if (row instanceof RowError) throw row
        sink.add(recordOfRow(row, mapping, atMs), row.line)
      } catch (error) {
        // Waiting for a line that cannot become a record.
        if (!(error instanceof RowError)) throw error
        const message = `line ${error.line}: ${error.message}`
        sink.fail(error.line, { code: 'INVALID_INPUT', message })
      }
    }
    return end - begin
  }
}
