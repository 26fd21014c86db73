/** The selected record in full. The one shown before stays until the next has arrived. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { BytesPreview, RecordDetail } from '../../../src-main/contract/model/record.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import { problemOf } from '../../connection/answer.ts'
import { Store } from '../../ui/store.ts'
import type { RecordPlace } from './messages-search.ts'

const FIRST_BYTES = 65_536
/** Up to here a large value is fetched whole without being asked for. */
const WHOLE_BYTES_MAX = 1_048_576
const RANGE_BYTES = 1_048_576

export interface RecordDetailState {
  readonly place: RecordPlace | null
  /** Of `place`, or of the record before while `place` is on its way. */
  readonly detail: RecordDetail | null
  readonly problem: Problem | null
  /** The part whose rest is being fetched. */
  readonly loading: 'key' | 'value' | null
}

const NOTHING: RecordDetailState = { place: null, detail: null, problem: null, loading: null }

export class RecordDetails extends Store<RecordDetailState> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  readonly #topic: string
  #abort = new AbortController()

  constructor(client: ApplicationClient, cluster: string, topic: string) {
    super(NOTHING)
    this.#client = client
    this.#cluster = cluster
    this.#topic = topic
  }

  open(): void {
    const { place } = this.snapshot()
    if (place !== null) void this.#fetch(place)
  }

  close(): void {
    this.#abort.abort()
  }

  show(place: RecordPlace | null): void {
    const current = this.snapshot().place
    if (place?.partition === current?.partition && place?.offset === current?.offset) return
    this.#abort.abort()
    if (place === null) this.replace(NOTHING)
    else void this.#fetch(place)
  }

  readonly retry = (): void => {
    const { place } = this.snapshot()
    if (place !== null) void this.#fetch(place)
  }

  async loadRest(part: 'key' | 'value'): Promise<void> {
    const { detail, loading } = this.snapshot()
    const preview = detail?.[part] ?? null
    if (detail === null || preview === null || loading !== null) return
    const signal = this.#abort.signal
    this.replace({ ...this.snapshot(), loading: part })
    try {
      const whole = await this.#whole(detail, part, preview, signal)
      if (signal.aborted) return
      this.replace({ ...this.snapshot(), detail: { ...detail, [part]: whole }, loading: null })
    } catch (error) {
      // The beginning stays; the reason stands above it.
      if (!signal.aborted)
        this.replace({ ...this.snapshot(), problem: problemOf(error), loading: null })
    }
  }

  async #fetch(place: RecordPlace): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    this.replace({ ...this.snapshot(), place, problem: null, loading: null })
    try {
      const detail = await this.#client.call(
        'record.get',
        { cluster: this.#cluster, topic: this.#topic, ...place, previewBytes: FIRST_BYTES },
        abort.signal,
      )
      if (abort.signal.aborted) return
      this.replace({ place, detail, problem: null, loading: null })
      const { value } = detail
      if (
        value !== null &&
        value.bytes.length < value.sizeBytes &&
        value.sizeBytes <= WHOLE_BYTES_MAX
      )
        void this.loadRest('value')
    } catch (error) {
      // The inspector shows it in place of a record.
      if (!abort.signal.aborted)
        this.replace({ place, detail: null, problem: problemOf(error), loading: null })
    }
  }

  async #whole(
    { partition, offset }: RecordDetail,
    part: 'key' | 'value',
    preview: BytesPreview,
    signal: AbortSignal,
  ): Promise<BytesPreview> {
    const bytes = new Uint8Array(preview.sizeBytes)
    bytes.set(preview.bytes)
    let from = preview.bytes.length
    while (from < bytes.length) {
      const range = await this.#client.call(
        'record.bytes',
        {
          cluster: this.#cluster,
          topic: this.#topic,
          partition,
          offset,
          part: { type: part },
          from,
          length: Math.min(RANGE_BYTES, bytes.length - from),
        },
        signal,
      )
      if (range.bytes.length === 0) break
      bytes.set(range.bytes, from)
      from += range.bytes.length
    }
    return { bytes: bytes.subarray(0, from), sizeBytes: preview.sizeBytes }
  }
}
