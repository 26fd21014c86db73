/**
 * The record before or after one with the same key, looked for stretch by stretch, so that one sees
 * how far it is and can stop it.
 */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { Cut, KeySearch } from '../../src-main/contract/model/record.ts'
import { problemOf } from '../connection/answer.ts'
import { Store } from '../ui/store.ts'
import { samePlace, type RecordPlace } from './panel-view.ts'

export type KeyStepDirection = 'forward' | 'backward'

export type KeyStepState =
  | { readonly type: 'idle' }
  | {
      readonly type: 'looking'
      readonly direction: KeyStepDirection
      readonly readRecords: number
      readonly leftCount: bigint | null
    }
  | { readonly type: 'none'; readonly direction: KeyStepDirection; readonly readRecords: number }
  | { readonly type: 'failed'; readonly problem: Problem }

export interface KeyedRecord {
  readonly place: RecordPlace
  readonly key: Uint8Array | null
}

const IDLE: KeyStepState = { type: 'idle' }

export class KeySteps extends Store<KeyStepState> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  #abort = new AbortController()
  #from: RecordPlace | null = null

  constructor(client: ApplicationClient, cluster: string) {
    super(IDLE)
    this.#client = client
    this.#cluster = cluster
  }

  open(): void {}

  close(): void {
    this.#abort.abort()
  }

  readonly stop = (): void => {
    this.#abort.abort()
    this.replace(IDLE)
  }

  /** What was looked for from another record is of no use any more. */
  leave(place: RecordPlace): void {
    if (!samePlace(place, this.#from)) this.stop()
  }

  /** Resolves to null where there is none, where it was stopped, and where it failed. */
  async step(record: KeyedRecord, direction: KeyStepDirection): Promise<RecordPlace | null> {
    this.#abort.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.#from = record.place
    let readRecords = 0
    let from: Cut | null = null
    this.replace({ type: 'looking', direction, readRecords, leftCount: null })
    try {
      for (;;) {
        const answer: KeySearch = await this.#ask(record, direction, from, abort.signal)
        if (abort.signal.aborted) return null
        readRecords += answer.readRecords
        if (answer.found !== null) {
          this.replace(IDLE)
          return answer.found
        }
        const [partitionProblem] = answer.problems
        if (partitionProblem !== undefined) {
          this.replace({ type: 'failed', problem: partitionProblem.problem })
          return null
        }
        if (answer.next === null) {
          this.replace({ type: 'none', direction, readRecords })
          return null
        }
        from = answer.next
        this.replace({ type: 'looking', direction, readRecords, leftCount: answer.leftCount })
      }
    } catch (error) {
      // The panel says it in its line; the record stays.
      if (!abort.signal.aborted) this.replace({ type: 'failed', problem: problemOf(error) })
      return null
    }
  }

  #ask(
    { place, key }: KeyedRecord,
    direction: KeyStepDirection,
    from: Cut | null,
    signal: AbortSignal,
  ) {
    return this.#client.call(
      'record.by-key',
      { cluster: this.#cluster, ...place, key, direction, from },
      signal,
    )
  }
}
