/**
 * What is being produced to one topic: the form, its preview, what was sent, and the runs. It
 * outlives the panel, so that closing it by mistake loses nothing. No React here.
 */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { RecordDraft } from '../../src-main/contract/api/produce.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type {
  DraftProblem,
  ProducePreview,
  ProduceTarget,
  RecordSample,
  SentRecord,
} from '../../src-main/contract/model/produce.ts'
import { problemOf } from '../connection/answer.ts'
import type { Zone } from '../ui/format/time.ts'
import { Store } from '../ui/store.ts'
import { contentOf } from './content-form.ts'
import {
  EMPTY_FORM,
  newId,
  readForm,
  type FormDraft,
  type FormFault,
  type ProduceForm,
} from './produce-form.ts'
import type { ResendPlace } from './produce-search.ts'

export interface SentEntry {
  readonly id: number
  readonly record: SentRecord
  readonly keyText: string
  readonly atMs: number
}

export interface ProduceState {
  readonly form: ProduceForm
  readonly target: ProduceTarget | null
  readonly targetProblem: Problem | null
  /**
   * Whether faults and problems are those of the form as it is. They stay in sight while a changed
   * form is being looked at, and hinder nobody from sending it: whoever sends is told.
   */
  readonly judged: boolean
  readonly samples: readonly RecordSample[]
  readonly problems: readonly DraftProblem[]
  readonly faults: readonly FormFault[]
  /** Where the partitioner would put the first sample, whatever partition is given. */
  readonly byKey: number | null
  readonly previewProblem: Problem | null
  /** Times that a record was sent: a template goes on from one to the next. */
  readonly first: number
  readonly sending: boolean
  /** The form is still as it was sent last. */
  readonly answered: boolean
  /** Why the last attempt to send did not even begin. */
  readonly sendProblem: Problem | null
  /** The newest first. */
  readonly sent: readonly SentEntry[]
  /** The record that is being loaded to be sent again, or was. */
  readonly resend: ResendPlace | null
  readonly loading: boolean
  readonly loadProblem: Problem | null
}

const SENT_MAX = 50
const PREVIEW_AFTER_MS = 150
const TARGET_INTERVAL_MS = 10_000
const RANGE_BYTES = 4_194_304

export class ProduceSession extends Store<ProduceState> {
  readonly #client: ApplicationClient
  readonly cluster: string
  readonly topic: string
  #zone: Zone = 'local'
  #timer: ReturnType<typeof setTimeout> | undefined
  #targetTimer: ReturnType<typeof setInterval> | undefined
  #previewing: AbortController | null = null
  #loadingRecord: AbortController | null = null

  constructor(client: ApplicationClient, cluster: string, topic: string) {
    super({
      form: EMPTY_FORM,
      target: null,
      targetProblem: null,
      judged: false,
      samples: [],
      problems: [],
      faults: [],
      byKey: null,
      previewProblem: null,
      first: 0,
      sending: false,
      answered: false,
      sendProblem: null,
      sent: [],
      resend: null,
      loading: false,
      loadProblem: null,
    })
    this.#client = client
    this.cluster = cluster
    this.topic = topic
  }

  get client(): ApplicationClient {
    return this.#client
  }

  open(): void {
    void this.#askTarget()
    clearInterval(this.#targetTimer)
    this.#targetTimer = setInterval(() => void this.#askTarget(), TARGET_INTERVAL_MS)
    this.#previewSoon(0)
  }

  close(): void {
    clearInterval(this.#targetTimer)
    clearTimeout(this.#timer)
  }

  readonly retryTarget = (): void => void this.#askTarget()

  setZone(zone: Zone): void {
    if (zone === this.#zone) return
    this.#zone = zone
    this.#previewSoon()
  }

  readonly change = (change: Partial<ProduceForm>): void => {
    const form = { ...this.snapshot().form, ...change }
    // What is on its way is about the form as it was.
    this.#previewing?.abort()
    this.#patch({ form, judged: false, answered: false, sendProblem: null })
    this.#previewSoon()
  }

  readonly reset = (): void => {
    this.#patch({ resend: null, loadProblem: null, sendProblem: null, first: 0 })
    this.change(EMPTY_FORM)
  }

  /** Loads a record's exact bytes into the form. */
  readonly load = async (place: ResendPlace): Promise<void> => {
    const { resend } = this.snapshot()
    if (resend?.partition === place.partition && resend.offset === place.offset) return
    this.#loadingRecord?.abort()
    const abort = new AbortController()
    this.#loadingRecord = abort
    this.#patch({ resend: place, loading: true, loadProblem: null })
    try {
      const form = await this.#recordForm(place, abort.signal)
      if (abort.signal.aborted) return
      this.#patch({ loading: false })
      this.change(form)
    } catch (error) {
      // The panel says why, in place of the record.
      if (!abort.signal.aborted) this.#patch({ loading: false, loadProblem: problemOf(error) })
    }
  }

  readonly retryLoad = (): void => {
    const { resend } = this.snapshot()
    if (resend === null) return
    this.#patch({ resend: null })
    void this.load(resend)
  }

  /** What the form means; null where it means nothing, which its fields say then. */
  readonly read = (): FormDraft | null => {
    const reading = readForm(this.snapshot().form, this.#zone)
    if (reading.type !== 'faults') return reading
    this.#patch({ judged: true, faults: reading.faults, samples: [], problems: [] })
    return null
  }

  /** Whether a record was written. */
  readonly send = async (): Promise<boolean> => {
    const { form, sending, first } = this.snapshot()
    if (sending) return false
    const reading = this.read()
    if (reading === null) return false
    this.#patch({ sending: true, sendProblem: null })
    try {
      const { cluster, topic } = this
      const { delivery } = reading
      const draft = furtherOn(reading.draft, first)
      const input = { cluster, topic, draft, count: 1, delivery }
      const { records } = await this.#client.call('produce.send', input)
      const entries = records.map(record => ({
        id: newId(),
        record,
        keyText: form.key.kind === 'null' ? '' : form.key.text,
        atMs: Date.now(),
      }))
      const sent = [...entries.reverse(), ...this.snapshot().sent].slice(0, SENT_MAX)
      this.#patch({ sending: false, answered: true, sent, first: first + 1 })
      this.#previewSoon(0)
      return records.some(({ problem }) => problem === null)
    } catch (error) {
      // It stands beside the button.
      this.#patch({ sending: false, sendProblem: problemOf(error) })
      return false
    }
  }

  #patch(change: Partial<ProduceState>): void {
    this.replace({ ...this.snapshot(), ...change })
  }

  async #askTarget(): Promise<void> {
    try {
      const { cluster, topic } = this
      const target = await this.#client.call('produce.target', { cluster, topic })
      this.#patch({ target, targetProblem: null })
    } catch (error) {
      // What was known stays; the reason stands above it.
      this.#patch({ targetProblem: problemOf(error) })
    }
  }

  #previewSoon(afterMs = PREVIEW_AFTER_MS): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#preview(), afterMs)
  }

  async #preview(): Promise<void> {
    const { first } = this.snapshot()
    const reading = this.read()
    if (reading === null) return
    this.#previewing?.abort()
    const abort = new AbortController()
    this.#previewing = abort
    const { cluster, topic } = this
    const { delivery } = reading
    const draft = furtherOn(reading.draft, first)
    const ask = (of: typeof draft): Promise<ProducePreview> =>
      this.#client.call(
        'produce.preview',
        { cluster, topic, draft: of, partitioner: delivery.partitioner },
        abort.signal,
      )
    try {
      const { samples, problems } = await ask(draft)
      const unbound = draft.partition === null ? null : await ask({ ...draft, partition: null })
      if (abort.signal.aborted) return
      const byKey = (unbound?.samples ?? samples)[0]?.partition ?? null
      this.#patch({ judged: true, samples, problems, byKey, faults: [], previewProblem: null })
    } catch (error) {
      // A newer preview is on its way, or the panel says why there is none.
      if (!abort.signal.aborted) this.#patch({ previewProblem: problemOf(error) })
    }
  }

  async #recordForm(place: ResendPlace, signal: AbortSignal): Promise<ProduceForm> {
    const { cluster, topic } = this
    const where = { cluster, topic, ...place }
    const detail = await this.#client.call(
      'record.get',
      { ...where, previewBytes: RANGE_BYTES },
      signal,
    )
    const whole = async (
      preview: { readonly bytes: Uint8Array; readonly sizeBytes: number } | null,
      part: { type: 'key' } | { type: 'value' } | { type: 'header'; index: number },
    ) => {
      if (preview === null || preview.bytes.length === preview.sizeBytes)
        return preview?.bytes ?? null
      const bytes = new Uint8Array(preview.sizeBytes)
      bytes.set(preview.bytes)
      for (let from = preview.bytes.length; from < bytes.length;) {
        const range = { ...where, part, from, length: RANGE_BYTES }
        const answer = await this.#client.call('record.bytes', range, signal)
        bytes.set(answer.bytes, from)
        from += answer.bytes.length
      }
      return bytes
    }
    const name = `${topic}-${place.partition} @ ${place.offset}`
    const headers = await Promise.all(
      detail.headers.map(async ({ key, value }, index) => ({
        id: newId(),
        key,
        value: contentOf(await whole(value, { type: 'header', index }), name),
      })),
    )
    return {
      ...this.snapshot().form,
      key: contentOf(await whole(detail.key, { type: 'key' }), name),
      value: contentOf(await whole(detail.value, { type: 'value' }), name),
      headers,
      partition: String(place.partition),
      timestampKind: 'now',
      timestampText: String(detail.timestampMs),
      // What looks like a template in a stored record is only what it is.
      templated: false,
      codec: detail.batch.codec,
    }
  }
}

/** The draft as it is filled in for the record with this number. */
function furtherOn(draft: RecordDraft, first: number): RecordDraft {
  return draft.template === null ? draft : { ...draft, template: { ...draft.template, first } }
}

const SESSIONS_MAX = 20
const sessions = new Map<string, ProduceSession>()

/** The session of a topic, kept while the application is open. */
export function sessionOf(client: ApplicationClient, cluster: string, topic: string) {
  const key = JSON.stringify([cluster, topic])
  const known = sessions.get(key)
  const session =
    known !== undefined && known.client === client
      ? known
      : new ProduceSession(client, cluster, topic)
  sessions.delete(key)
  sessions.set(key, session)
  const [oldest] = sessions.keys()
  if (sessions.size > SESSIONS_MAX && oldest !== undefined) sessions.delete(oldest)
  return session
}
