/** The file that is to be sent, how it is read, and the beginning of it as records. No React here. */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { PartitionerName } from '../../src-main/contract/api/produce.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { FilePreview } from '../../src-main/contract/model/produce.ts'
import { problemOf } from '../connection/answer.ts'
import { Store } from '../ui/store.ts'
import {
  guessFormat,
  guessMapping,
  WHOLE_LINES,
  type FieldMapping,
  type FileFormat,
} from './file-mapping.ts'

export interface FileState {
  /** A file, or pasted text as one. */
  readonly file: Blob | null
  readonly name: string
  readonly pasted: string
  readonly format: FileFormat
  readonly mapping: FieldMapping
  readonly preview: FilePreview | null
  readonly problem: Problem | null
}

const HEAD_BYTES = 262_144
const PREVIEW_AFTER_MS = 150

export class FileSession extends Store<FileState> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  readonly #topic: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #abort: AbortController | null = null
  #partitioner: PartitionerName = 'java'

  constructor(client: ApplicationClient, cluster: string, topic: string) {
    super({
      file: null,
      name: '',
      pasted: '',
      format: { type: 'ndjson' },
      mapping: WHOLE_LINES,
      preview: null,
      problem: null,
    })
    this.#client = client
    this.#cluster = cluster
    this.#topic = topic
  }

  readonly take = async (file: File): Promise<void> => {
    const head = await file.slice(0, 1_024).text()
    const format = guessFormat(file.name, head)
    this.#patch({ file, name: file.name, pasted: '', format, mapping: WHOLE_LINES, preview: null })
    await this.#preview(true)
  }

  readonly paste = (pasted: string): void => {
    const format = guessFormat('', pasted)
    const { format: before } = this.snapshot()
    const file = pasted === '' ? null : new Blob([pasted])
    const other = format.type !== before.type
    this.#patch({
      file,
      name: '',
      pasted,
      ...(other ? { format, mapping: WHOLE_LINES } : {}),
      ...(file === null ? { preview: null } : {}),
    })
    this.#soon(other || this.snapshot().mapping === WHOLE_LINES)
  }

  readonly setFormat = (format: FileFormat): void => {
    this.#patch({ format, mapping: WHOLE_LINES })
    this.#soon(true)
  }

  readonly map = (change: Partial<FieldMapping>): void => {
    this.#patch({ mapping: { ...this.snapshot().mapping, ...change } })
    this.#soon(false)
  }

  setPartitioner(partitioner: PartitionerName): void {
    if (partitioner === this.#partitioner) return
    this.#partitioner = partitioner
    this.#soon(false)
  }

  #soon(guess: boolean): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#preview(guess), PREVIEW_AFTER_MS)
  }

  /** With `guess`, the names that the file turned out to have choose the mapping. */
  async #preview(guess: boolean): Promise<void> {
    const { file, format } = this.snapshot()
    if (file === null) return
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    try {
      const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
      const ask = () =>
        this.#client.call(
          'produce.preview-file',
          {
            cluster: this.#cluster,
            topic: this.#topic,
            format,
            mapping: this.snapshot().mapping,
            head,
            whole: file.size <= HEAD_BYTES,
            partitioner: this.#partitioner,
          },
          abort.signal,
        )
      let preview = await ask()
      if (abort.signal.aborted) return
      const guessed = guess ? guessMapping(format, preview.columns) : null
      if (guessed !== null && JSON.stringify(guessed) !== JSON.stringify(WHOLE_LINES)) {
        this.#patch({ mapping: guessed })
        preview = await ask()
      }
      if (!abort.signal.aborted) this.#patch({ preview, problem: null })
    } catch (error) {
      // A newer preview is on its way, or the tab says why there is none.
      if (!abort.signal.aborted) this.#patch({ problem: problemOf(error) })
    }
  }

  #patch(change: Partial<FileState>): void {
    this.replace({ ...this.snapshot(), ...change })
  }
}

const sessions = new Map<string, FileSession>()

export function fileSessionOf(client: ApplicationClient, cluster: string, topic: string) {
  const key = JSON.stringify([cluster, topic])
  const session = sessions.get(key) ?? new FileSession(client, cluster, topic)
  sessions.set(key, session)
  return session
}
