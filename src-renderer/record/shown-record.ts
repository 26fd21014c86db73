/**
 * The record that is shown, decoded. The one before stays until the next has arrived whole, so that
 * nothing blinks while one goes through a list.
 */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import { DECODE_BYTES_MAX } from '../../src-main/contract/api/decode.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { DecodedPart } from '../../src-main/contract/model/decode.ts'
import type { RecordDetail } from '../../src-main/contract/model/record.ts'
import { problemOf } from '../connection/answer.ts'
import { Attempts, passesByItself } from '../connection/attempts.ts'
import { Store } from '../ui/store.ts'
import { samePlace, type DecoderChoices, type RecordPlace } from './panel-view.ts'

/** Of key and value; they are also the beginning of the view of bytes. */
const PREVIEW_BYTES = 65_536

export type DecodablePart = 'key' | 'value'

export interface ShownRecord {
  readonly place: RecordPlace
  readonly detail: RecordDetail
  readonly decoders: DecoderChoices
  readonly parts: Readonly<Record<DecodablePart, DecodedPart>>
}

export interface ShownRecordState {
  /** What is asked for; `shown` is another record while this one is on its way. */
  readonly place: RecordPlace | null
  readonly shown: ShownRecord | null
  readonly problem: Problem | null
  /** The part that is being decoded whole. */
  readonly loading: DecodablePart | null
}

const NOTHING: ShownRecordState = { place: null, shown: null, problem: null, loading: null }

export class ShownRecords extends Store<ShownRecordState> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  #decoders: DecoderChoices = { key: 'auto', value: 'auto' }
  #abort = new AbortController()
  readonly #attempts = new Attempts()

  constructor(client: ApplicationClient, cluster: string) {
    super(NOTHING)
    this.#client = client
    this.#cluster = cluster
  }

  open(): void {
    const { place } = this.snapshot()
    if (place !== null) void this.#fetch(place)
  }

  close(): void {
    this.#abort.abort()
    this.#attempts.cancel()
  }

  show(place: RecordPlace | null, decoders: DecoderChoices): void {
    const same = decoders.key === this.#decoders.key && decoders.value === this.#decoders.value
    if (same && samePlace(place, this.snapshot().place)) return
    this.#decoders = decoders
    this.#abort.abort()
    this.#attempts.succeeded()
    if (place === null) this.replace(NOTHING)
    else void this.#fetch(place)
  }

  readonly retry = (): void => this.open()

  /** Decodes the whole of a large part, where only its beginning was. */
  async decodeAll(part: DecodablePart): Promise<void> {
    const { shown, loading } = this.snapshot()
    if (shown === null || loading !== null) return
    const { signal } = this.#abort
    this.replace({ ...this.snapshot(), loading: part })
    try {
      const decoded = await this.#decode(shown.place, part, signal, DECODE_BYTES_MAX)
      if (signal.aborted) return
      const parts = { ...shown.parts, [part]: decoded }
      this.replace({ ...this.snapshot(), shown: { ...shown, parts }, loading: null })
    } catch (error) {
      // The beginning stays; the reason stands above it.
      if (!signal.aborted)
        this.replace({ ...this.snapshot(), problem: problemOf(error), loading: null })
    }
  }

  async #fetch(place: RecordPlace): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    const decoders = this.#decoders
    // While it is tried again the reason stays.
    const before = this.snapshot()
    const problem = samePlace(before.place, place) ? before.problem : null
    this.replace({ ...before, place, problem, loading: null })
    try {
      const known = this.snapshot().shown
      const detail =
        known !== null && samePlace(known.place, place)
          ? known.detail
          : this.#client.call(
              'record.get',
              { cluster: this.#cluster, ...place, previewBytes: PREVIEW_BYTES },
              abort.signal,
            )
      const answers = await Promise.all([
        detail,
        this.#decode(place, 'key', abort.signal),
        this.#decode(place, 'value', abort.signal),
      ])
      if (abort.signal.aborted) return
      const parts = { key: answers[1], value: answers[2] }
      const shown = { place, detail: answers[0], decoders, parts }
      this.#attempts.succeeded()
      this.replace({ place, shown, problem: null, loading: null })
    } catch (error) {
      // The panel shows it in place of a record.
      if (abort.signal.aborted) return
      const reason = problemOf(error)
      this.replace({ place, shown: null, problem: reason, loading: null })
      if (passesByItself(reason)) this.#attempts.later(() => void this.#fetch(place))
    }
  }

  #decode(
    place: RecordPlace,
    part: DecodablePart,
    signal: AbortSignal,
    bytesMax?: number,
  ): Promise<DecodedPart> {
    return this.#client.call(
      'record.decode',
      {
        cluster: this.#cluster,
        ...place,
        part: { type: part },
        decoder: this.#decoders[part],
        ...(bytesMax === undefined ? {} : { bytesMax }),
      },
      signal,
    )
  }
}
