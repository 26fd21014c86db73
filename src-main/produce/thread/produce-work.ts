/** What the producing thread does, apart from how it is reached. */
import { openClient, type ClusterConnection } from '../../clusters/cluster-connection.ts'
import { wait } from '../../clusters/wait.ts'
import type { Client } from '../../../engine/client/client.ts'
import type { InputOf } from '../../contract/define.ts'
import { ContractError, type Handlers, type StreamSink } from '../../contract/define.ts'
import type { produceApi } from '../../contract/api/produce.ts'
import { previewDraft, previewFile, type PreviewContext } from '../preview.ts'
import { describeTarget, readLimits } from '../produce-target.ts'
import { sendDraft } from '../send-draft.ts'
import { Spread } from '../spread.ts'
import { FileSource } from '../run/file-source.ts'
import type { RecordSource } from '../run/record-source.ts'
import { replaySource, type ReplaySource } from '../run/replay-source.ts'
import { Run } from '../run/run.ts'
import { templateSource } from '../run/template-source.ts'
import type { ProduceWorkerApi, RunReport } from './produce-worker-api.ts'

type StartInput = InputOf<typeof produceApi, 'produce.start'>

interface Held {
  readonly run: Run
  readonly file: FileSource | null
  readonly replay: ReplaySource | null
  readonly count: number | null
  ended: boolean
  finished: Promise<void>
}

const REPORT_INTERVAL_MS = 200
/** Topics whose turn of the round-robin partitioner is remembered, and whose size is. */
const REMEMBERED_MAX = 200
const PARTITION_COUNT_MS_MAX = 5_000

export function produceWork(stop: () => void): Handlers<ProduceWorkerApi> {
  const work = new ProduceWork()
  return {
    commands: {
      'worker.know-cluster': async ({ cluster, ...connection }) => work.know(cluster, connection),
      'worker.stop': async () => {
        work.close()
        // After the answer has left.
        setImmediate(stop)
        return null
      },
      'produce.target': async ({ cluster, topic }) => describeTarget(work.clientOf(cluster), topic),
      'produce.preview': async input => previewDraft(input.draft, await work.previewContext(input)),
      'produce.preview-file': async input => previewFile(input, await work.previewContext(input)),
      'produce.send': async (input, signal) => work.send(input, signal),
      'run.start': async ({ runId, start }) => work.start(runId, start),
      'run.feed': async ({ runId, bytes, last }) => {
        await work.file(runId).feed(bytes, last)
        return null
      },
      'run.stop': async ({ runId }) => {
        work.held(runId).run.stop()
        return null
      },
      'run.errors': async ({ runId, from, limit }) => work.held(runId).run.errors(from, limit),
      'run.forget': async ({ runId }) => work.forget(runId),
    },
    streams: { 'run.watch': async ({ runId }, sink) => work.watch(runId, sink) },
  }
}

class ProduceWork {
  readonly #clients = new Map<string, Client>()
  readonly #runs = new Map<string, Held>()
  readonly #spreads = new Map<string, Spread>()
  readonly #partitionCounts = new Map<string, { count: number; atMs: number }>()

  know(cluster: string, connection: ClusterConnection): null {
    this.#clients.get(cluster)?.close()
    this.#clients.set(cluster, openClient(connection))
    return null
  }

  clientOf(cluster: string): Client {
    const client = this.#clients.get(cluster)
    if (client !== undefined) return client
    throw new ContractError({ code: 'NOT_FOUND', message: `no cluster is ${cluster}` })
  }

  close(): void {
    for (const { run } of this.#runs.values()) run.stop()
    for (const client of this.#clients.values()) client.close()
  }

  async previewContext(input: {
    readonly cluster: string
    readonly topic: string
    readonly partitioner: PreviewContext['partitioner']
  }): Promise<PreviewContext> {
    const { cluster, topic, partitioner } = input
    const partitionCount = await this.#partitionCount(cluster, topic)
    return { topic, partitioner, partitionCount, nowMs: Date.now() }
  }

  async send(input: InputOf<typeof produceApi, 'produce.send'>, signal: AbortSignal) {
    const { cluster, topic, draft, count, delivery } = input
    const client = this.clientOf(cluster)
    const limits = await readLimits(client, topic).catch(() => null)
    return sendDraft({
      client,
      topic,
      draft,
      count,
      delivery,
      limits,
      spread: this.#spread(cluster, topic, delivery.partitioner),
      signal,
      ...surroundings,
    })
  }

  async start(runId: string, start: StartInput): Promise<null> {
    const { cluster, topic, run: input, delivery, continueAfterErrors } = start
    const client = this.clientOf(cluster)
    const sources = this.#sourcesOf(start)
    const limits = await readLimits(client, topic).catch(() => null)
    const run = new Run({
      client,
      topic,
      delivery,
      limits,
      source: sources.source,
      rate: input.rate,
      durationMs: input.type === 'template' ? input.durationMs : null,
      continueAfterErrors,
      ...surroundings,
    })
    const count = input.type === 'template' ? input.count : null
    const held: Held = { run, ...sources, count, ended: false, finished: Promise.resolve() }
    held.finished = run.run().finally(() => (held.ended = true))
    this.#runs.set(runId, held)
    return null
  }

  held(runId: string): Held {
    const held = this.#runs.get(runId)
    if (held !== undefined) return held
    throw new ContractError({ code: 'NOT_FOUND', message: `no run is ${runId}` })
  }

  file(runId: string): FileSource {
    const { file } = this.held(runId)
    if (file !== null) return file
    throw new ContractError({ code: 'INVALID_INPUT', message: `${runId} reads no file` })
  }

  forget(runId: string): null {
    this.#runs.get(runId)?.run.stop()
    this.#runs.delete(runId)
    return null
  }

  async watch(runId: string, sink: StreamSink<RunReport>): Promise<void> {
    const held = this.held(runId)
    while (!sink.signal.aborted && !held.ended) {
      sink.emit(reportOf(held))
      await Promise.race([wait(REPORT_INTERVAL_MS, sink.signal), held.finished])
    }
    sink.emit(reportOf(held))
  }

  #sourcesOf({ topic, run }: StartInput): {
    readonly source: RecordSource
    readonly file: FileSource | null
    readonly replay: ReplaySource | null
  } {
    const { nowMs } = surroundings
    switch (run.type) {
      case 'template': {
        const { draft, count } = run
        return { source: templateSource({ draft, topic, count, nowMs }), file: null, replay: null }
      }
      case 'file': {
        const file = new FileSource({ format: run.format, mapping: run.mapping, nowMs, wait })
        return { source: file, file, replay: null }
      }
      case 'replay': {
        const client = this.clientOf(run.from.cluster)
        const replay = replaySource({ client, replay: run, nowMs })
        return { source: replay, file: null, replay }
      }
    }
  }

  /** Turns go on from one record that is sent to the next. */
  #spread(cluster: string, topic: string, partitioner: PreviewContext['partitioner']): Spread {
    const key = JSON.stringify([cluster, topic, partitioner])
    const spread = this.#spreads.get(key) ?? new Spread(partitioner, Math.random)
    this.#spreads.delete(key)
    this.#spreads.set(key, spread)
    const [oldest] = this.#spreads.keys()
    if (this.#spreads.size > REMEMBERED_MAX) this.#spreads.delete(oldest!)
    return spread
  }

  async #partitionCount(cluster: string, topic: string): Promise<number> {
    const key = JSON.stringify([cluster, topic])
    const known = this.#partitionCounts.get(key)
    const nowMs = Date.now()
    if (known !== undefined && nowMs - known.atMs < PARTITION_COUNT_MS_MAX) return known.count
    const answer = await this.clientOf(cluster).metadata([topic])
    const count = answer.topics.find(({ name }) => name === topic)?.partitions.length ?? 0
    if (this.#partitionCounts.size > REMEMBERED_MAX) this.#partitionCounts.clear()
    this.#partitionCounts.set(key, { count, atMs: nowMs })
    return count
  }
}

const surroundings = { nowMs: Date.now, wait, random: Math.random }

function reportOf({ run, file, replay, count }: Held): RunReport {
  const total = replay === null ? count : replay.total
  return {
    ...run.progress(),
    readBytes: file === null ? null : BigInt(file.readBytes),
    total: total === null ? null : BigInt(total),
  }
}
