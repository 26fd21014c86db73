/** The batches of one segment, read further as the reader comes near the end of what is there. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { StorageBatch } from '../../../src-main/contract/model/storage.ts'
import { problemOf } from '../../connection/answer.ts'
import { Store } from '../../ui/store.ts'

const PAGE_BATCHES = 500
/** Rows below the last visible one that are wanted at hand. */
const AHEAD_ROWS = 100

export interface SegmentPlace {
  readonly cluster: string
  readonly topic: string
  readonly partition: number
  readonly brokerId: number
  readonly baseOffset: bigint
}

export interface BatchListState {
  readonly batches: readonly StorageBatch[]
  /** Where the next page begins; null at the segment's end. */
  readonly next: number | null
  readonly reading: boolean
  /** Why the walk over the file ended early. */
  readonly broken: string | null
  readonly problem: Problem | null
}

export class BatchList extends Store<BatchListState> {
  readonly #client: ApplicationClient
  readonly #place: SegmentPlace
  #abort: AbortController | null = null

  constructor(client: ApplicationClient, place: SegmentPlace) {
    super({ batches: [], next: 0, reading: false, broken: null, problem: null })
    this.#client = client
    this.#place = place
  }

  open(): void {
    this.#abort = new AbortController()
    if (this.snapshot().batches.length === 0) void this.#read()
  }

  close(): void {
    this.#abort?.abort()
  }

  readonly show = (_first: number, end: number): void => {
    const { batches, next, reading } = this.snapshot()
    if (next !== null && !reading && end + AHEAD_ROWS > batches.length) void this.#read()
  }

  /** The active segment grows: what came since is read when asked for. */
  readonly more = (): void => {
    const { batches, next, reading } = this.snapshot()
    if (reading) return
    const last = batches.at(-1)
    if (next === null)
      this.replace({
        ...this.snapshot(),
        next: last === undefined ? 0 : last.position + last.sizeBytes,
      })
    void this.#read()
  }

  async #read(): Promise<void> {
    const from = this.snapshot().next
    const signal = this.#abort?.signal
    if (from === null || signal === undefined) return
    this.replace({ ...this.snapshot(), reading: true, problem: null })
    try {
      const input = { ...this.#place, from, limit: PAGE_BATCHES }
      const page = await this.#client.call('storage.batches', input, signal)
      const batches = [...this.snapshot().batches, ...page.batches]
      this.replace({
        batches,
        next: page.next,
        reading: false,
        broken: page.problem,
        problem: null,
      })
    } catch (error) {
      if (signal.aborted) return
      this.replace({ ...this.snapshot(), reading: false, problem: problemOf(error) })
    }
  }
}
