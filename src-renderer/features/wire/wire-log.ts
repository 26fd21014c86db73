/** The requests that came so far, newest last, in a list of bounded length. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { Problem, StreamInputOf } from '../../../src-main/contract/define.ts'
import type { wireApi } from '../../../src-main/contract/api/wire.ts'
import type { WireRequest, WireUpdate } from '../../../src-main/contract/model/wire.ts'
import { Store } from '../../ui/store.ts'
import type { RowSource } from '../../ui/table/column.ts'

export type WireFilter = StreamInputOf<typeof wireApi, 'wire.watch'>['filter']

/** Rows the page holds; the oldest go when it is full, a share at a time. */
const ROWS_MAX = 50_000
const ROWS_DROPPED = 10_000

export interface WireLogState {
  readonly rows: WireRows
  /** Requests that fit the filter and are not listed: too many came, or the list was full. */
  readonly leftOut: number
  /** Of unknown kind: the brokers did not tell of them. */
  readonly untold: number
  readonly problem: Problem | null
  readonly waiting: boolean
}

export class WireLog extends Store<WireLogState> {
  readonly #client: ApplicationClient
  readonly #input: StreamInputOf<typeof wireApi, 'wire.watch'>
  #stop: (() => void) | null = null

  constructor(client: ApplicationClient, cluster: string, filter: WireFilter) {
    super({ rows: new WireRows([]), leftOut: 0, untold: 0, problem: null, waiting: true })
    this.#client = client
    this.#input = { cluster, filter }
  }

  open(): void {
    this.#stop = this.#client.stream('wire.watch', this.#input, {
      onItem: update => this.#add(update),
      onEnd: problem => this.replace({ ...this.snapshot(), problem, waiting: false }),
    })
  }

  close(): void {
    this.#stop?.()
  }

  readonly clear = (): void =>
    this.replace({ ...this.snapshot(), rows: new WireRows([]), leftOut: 0, untold: 0 })

  readonly refresh = (): void => {
    this.close()
    this.open()
  }

  #add(update: WireUpdate): void {
    const { rows, leftOut, untold } = this.snapshot()
    // After a lost connection what is kept comes once more.
    const fresh = update.requests.filter(request => rows.indexOf(keyOf(request)) < 0)
    const next = rows.with(fresh)
    this.replace({
      rows: next,
      leftOut: leftOut + update.leftOut + (rows.count + fresh.length - next.count),
      untold: untold + update.untold,
      problem: null,
      waiting: false,
    })
  }
}

export function keyOf({ brokerId, sequence }: WireRequest): string {
  return `${brokerId}-${sequence}`
}

/** Rows whose places are known without looking through all of them at every update. */
export class WireRows implements RowSource<WireRequest> {
  readonly #rows: readonly WireRequest[]
  readonly #places: Map<string, number>
  /** Places count from the first row there ever was. */
  readonly #dropped: number

  constructor(rows: readonly WireRequest[], places: Map<string, number> = new Map(), dropped = 0) {
    this.#rows = rows
    this.#places = places
    this.#dropped = dropped
  }

  get count(): number {
    return this.#rows.length
  }

  at(index: number): WireRequest | undefined {
    return this.#rows[index]
  }

  keyAt(index: number): string {
    const row = this.#rows[index]
    return row === undefined ? '' : keyOf(row)
  }

  indexOf(key: string): number {
    const place = this.#places.get(key)
    if (place === undefined) return -1
    // The map is shared with later states, which may know more rows than this one.
    const index = place - this.#dropped
    return index >= 0 && index < this.#rows.length ? index : -1
  }

  with(fresh: readonly WireRequest[]): WireRows {
    let rows = [...this.#rows, ...fresh]
    let dropped = this.#dropped
    fresh.forEach((request, index) =>
      this.#places.set(keyOf(request), dropped + this.#rows.length + index),
    )
    if (rows.length > ROWS_MAX) {
      for (const gone of rows.slice(0, ROWS_DROPPED)) this.#places.delete(keyOf(gone))
      rows = rows.slice(ROWS_DROPPED)
      dropped += ROWS_DROPPED
    }
    return new WireRows(rows, this.#places, dropped)
  }
}
