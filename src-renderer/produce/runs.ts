/** The run of a topic that the panel shows: begun here, or found under way. No React here. */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { ProduceApiStart, RunInput } from './run-input.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { ProduceRun, RunKind } from '../../src-main/contract/model/produce.ts'
import { problemOf } from '../connection/answer.ts'
import { Store } from '../ui/store.ts'

export interface RunState {
  readonly run: ProduceRun | null
  readonly starting: boolean
  /** Why it could not begin, or is no longer heard of. */
  readonly problem: Problem | null
}

const PIECE_BYTES = 524_288
const IDLE: RunState = { run: null, starting: false, problem: null }

/** One for each kind: a replay does not take the place of a file. */
export class RunStore extends Store<RunState> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  readonly #topic: string
  readonly #kind: RunKind
  #stopWatching: (() => void) | null = null

  constructor(client: ApplicationClient, cluster: string, topic: string, kind: RunKind) {
    super(IDLE)
    this.#client = client
    this.#cluster = cluster
    this.#topic = topic
    this.#kind = kind
  }

  /** Finds a run that goes on from before the page was opened. */
  async find(): Promise<void> {
    if (this.snapshot().run !== null) return
    const input = { cluster: this.#cluster, topic: this.#topic }
    const runs = await this.#client.call('produce.runs', input).catch(() => [])
    const found = runs.find(({ kind, endedAtMs }) => kind === this.#kind && endedAtMs === null)
    if (found !== undefined && this.snapshot().run === null) this.#watch(found)
  }

  readonly start = async (
    topic: string,
    cluster: string,
    run: RunInput,
    how: Pick<ProduceApiStart, 'delivery' | 'continueAfterErrors'>,
    file?: Blob,
  ): Promise<void> => {
    if (this.snapshot().starting) return
    this.replace({ run: null, starting: true, problem: null })
    try {
      const started = await this.#client.call('produce.start', { cluster, topic, run, ...how })
      this.#watch(started)
      if (file !== undefined) void this.#feed(started.runId, file)
    } catch (error) {
      // It stands beside the button.
      this.replace({ run: null, starting: false, problem: problemOf(error) })
    }
  }

  readonly stop = (): void => {
    const { run } = this.snapshot()
    if (run !== null && run.endedAtMs === null)
      this.#client.call('produce.stop', { runId: run.runId }).catch(() => {})
  }

  readonly clear = (): void => {
    this.#stopWatching?.()
    this.#stopWatching = null
    this.replace(IDLE)
  }

  /** Everything that was kept of the errors, as NDJSON. */
  readonly errorFile = async (runId: string): Promise<Blob> => {
    const errors = await this.#client.call('produce.errors', { runId, from: 0, limit: 10_000 })
    const lines = errors.map(({ record, problem }) =>
      JSON.stringify({ record: Number(record), ...problem }),
    )
    return new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' })
  }

  #watch(run: ProduceRun): void {
    this.#stopWatching?.()
    this.replace({ run, starting: false, problem: null })
    this.#stopWatching = this.#client.stream(
      'produce.watch',
      { runId: run.runId },
      {
        onItem: item => this.replace({ ...this.snapshot(), run: item }),
        onEnd: problem => {
          if (problem !== null) this.replace({ ...this.snapshot(), problem })
        },
      },
    )
  }

  /** Goes on when the panel is closed; the service says when the next piece may come. */
  async #feed(runId: string, file: Blob): Promise<void> {
    for (let at = 0; ; at += PIECE_BYTES) {
      const last = at + PIECE_BYTES >= file.size
      try {
        const bytes = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer())
        await this.#client.call('produce.feed', { runId, bytes, last })
      } catch (error) {
        const { run } = this.snapshot()
        // A run that has ended takes no more; anything else ends it.
        if (run?.runId !== runId || run.endedAtMs !== null || run.state !== 'running') return
        this.replace({ ...this.snapshot(), problem: problemOf(error) })
        this.stop()
        return
      }
      if (last) return
    }
  }
}

const stores = new Map<string, RunStore>()

/** Kept while the application is open, so that a file goes on being read. */
export function runStoreOf(
  client: ApplicationClient,
  cluster: string,
  topic: string,
  kind: RunKind,
): RunStore {
  const key = JSON.stringify([cluster, topic, kind])
  const store = stores.get(key) ?? new RunStore(client, cluster, topic, kind)
  stores.set(key, store)
  return store
}
