/** Asks for pages of a view, and says when one is long in coming. */
import type { Seek, ViewEnd } from '../../../../src-main/contract/api/record.ts'
import type { Cut, RecordPage } from '../../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import type { RecordViewOptions } from './record-view-state.ts'

/** A broker that stands still keeps its connections, and answers nothing. */
const SLOW_MS = 1_000

export interface WantedPage {
  readonly from: Seek
  readonly until: ViewEnd
  readonly direction: 'forward' | 'backward'
  /** Null opens the view. */
  readonly base: Cut | null
  readonly limit: number
  readonly look: RowLook
}

export class PageAsker {
  readonly #options: RecordViewOptions
  readonly #onSlow: (slow: boolean) => void

  constructor(options: RecordViewOptions, onSlow: (slow: boolean) => void) {
    this.#options = options
    this.#onSlow = onSlow
  }

  async ask({ look, ...wanted }: WantedPage, signal: AbortSignal): Promise<RecordPage> {
    const { client, cluster, sources, isolation } = this.#options
    const bounded = wanted.base === null ? { bounded: true } : {}
    const input = { cluster, sources, isolation, ...wanted, ...bounded, ...look }
    const slowly = setTimeout(() => this.#onSlow(true), SLOW_MS)
    try {
      return await client.call('record.page', input, signal)
    } finally {
      clearTimeout(slowly)
      this.#onSlow(false)
    }
  }
}
