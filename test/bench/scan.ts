/**
 * What a search costs for each record: codecs, sizes and filters over a topic of one partition, read
 * over TCP from a broker in its own thread. The scan runs in this thread, whose processor time is
 * told beside the wall clock's: it says what one core does while others use the machine. Exports
 * and statistics too. One table on standard output, and no judgement.
 *
 *     node test/bench/scan.ts [--records 1000000] [--only lz4] [--what CEL]
 */
import { cpus, loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { Client } from '../../engine/client/client.ts'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import type { Codec } from '../../engine/protocol/records/compression.ts'
import { loadNativePackages } from '../../engine/protocol/records/native.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import { EncodedValue } from '../../src-main/contract/define.ts'
import type { RecordFilter } from '../../src-main/contract/model/search.ts'
import { exportWork } from '../../src-main/export/export-work.ts'
import type { WorkContext } from '../../src-main/lookups/work-context.ts'
import type { ScanUpdate } from '../../src-main/scan/scan-api.ts'
import { RunningScans } from '../../src-main/scan/running-scans.ts'
import { scanWork } from '../../src-main/scan/scan-work.ts'
import { statisticsWork } from '../../src-main/statistics/statistics-work.ts'
import { clientOf, createTopics, produceBatch } from './pages-data.ts'

/** What librdkafka's and Java's producers make of steady traffic. */
const BATCH_BYTES = 64 * 1024
/** Distinct batches; the rest repeat them. */
const TEMPLATES = 32

const { values: given } = parseArgs({
  options: { records: { type: 'string' }, only: { type: 'string' }, what: { type: 'string' } },
})
const records = Number(given.records ?? 1_000_000)
const startedAtMs = BigInt(Date.now())
/** Of the made-up values, the same in each run. */
let state = 1

const text = { caseSensitive: true, in: ['key', 'value'] } as const
const filters: Readonly<Record<string, RecordFilter>> = {
  'no filter, counted': {},
  'text, not there': { text: { ...text, needle: 'Jabberwocky', mode: 'text' } },
  'text, one in a thousand': { text: { ...text, needle: 'rare-word', mode: 'text' } },
  'text, either case': {
    text: { ...text, needle: 'JABBERWOCKY', mode: 'text', caseSensitive: false },
  },
  'pattern with a word': { text: { ...text, needle: 'rare-w[a-z]+d', mode: 'regex' } },
  'pattern without': { text: { ...text, needle: '[x-z]{4}[0-9]+q', mode: 'regex' } },
  'field equals': {
    conditions: [{ part: 'value', path: 'customer', operator: 'equals', value: 'c-77' }],
  },
  'field, number': {
    conditions: [{ part: 'value', path: 'cents', operator: 'greater', value: '999990' }],
  },
  CEL: { expression: 'value.cents > 999990 && value.customer == "c-77"' },
}

loadNativePackages()
const cluster = await startCluster({ brokers: 1, ports: [0] })
const client = clientOf(cluster.bootstrap)
const context: WorkContext = {
  clientOf: () => client,
  scanClientOf: () => client,
  nowMs: Date.now,
  wait,
}
const lines = [
  `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ` +
    `load ${loadavg()[0]!.toFixed(1)}; ${records} records a topic, batches of 64 KB`,
  '',
  '| codec | size | what | records/s | records/s of one core | ns/record |',
  '| --- | ---: | --- | ---: | ---: | ---: |',
]
for (const codec of ['none', 'lz4', 'zstd'] as const)
  for (const size of [100, 1_000])
    if (given.only === undefined || given.only === codec) await measure(codec, size)
process.stdout.write(`${lines.join('\n')}\n`)
client.close()
await cluster.stop()

async function measure(codec: Codec, size: number): Promise<void> {
  const topic = `${codec}-${size}`
  const count = Math.round(size === 100 ? records : records / 4)
  await createTopics(client, [topic], 1)
  const end = await fill(client, topic, { codec, size, count })
  let readRecords = 0
  const sink = {
    signal: new AbortController().signal,
    congested: false,
    emit(update: ScanUpdate | EncodedValue) {
      if (update instanceof EncodedValue) return
      for (const { problem, records: read } of update.partitions) {
        if (problem !== null) throw new OperationalError(problem.message)
        readRecords = read
      }
    },
  }
  const line = async (what: string, run: () => Promise<unknown>) => {
    if (given.what !== undefined && !what.includes(given.what)) return
    await run()
    readRecords = 0
    const startedMs = performance.now()
    const before = process.threadCpuUsage()
    await run()
    const seconds = (performance.now() - startedMs) / 1_000
    const { user, system } = process.threadCpuUsage(before)
    if (readRecords !== end) throw new OperationalError(`${what}: read ${readRecords} of ${end}`)
    const cpuSeconds = (user + system) / 1e6
    const figures = [end / seconds, end / cpuSeconds, (cpuSeconds / end) * 1e9]
    const shown = figures.map(figure => Math.round(figure).toLocaleString('en-US'))
    lines.push(`| ${codec} | ${size} B | ${what} | ${shown.join(' | ')} |`)
    process.stderr.write(`${lines.at(-1)}\n`)
  }
  const range = { topic, partition: 0, start: 0n, end: BigInt(end) }
  const common = { cluster: 'local', scanId: 'bench' }
  const forward = { ...common, direction: 'forward', ranges: [{ ...range, at: 0n }] } as const
  const running = new RunningScans()
  const search = scanWork(context, running).streams['scan.search']
  for (const [name, filter] of Object.entries(filters)) {
    const input = { ...forward, filter, rowsMax: 1_000, foundMax: null }
    await line(name, () => search(input, sink))
  }
  const ranges = [{ ...range, at: BigInt(end) }]
  const backward = { ...common, direction: 'backward', ranges } as const
  const { 'text, not there': absent } = filters
  const input = { ...backward, filter: absent!, rowsMax: 1_000, foundMax: null }
  await line('text, not there, newest first', () => search(input, sink))
  const exporting = exportWork(context, running).streams['scan.export']
  for (const format of ['ndjson', 'csv', 'raw'] as const) {
    const layout = { format, headers: true, metadata: true, content: 'decoded' } as const
    await line(`export, ${format}`, () => exporting({ ...forward, filter: {}, layout }, sink))
  }
  const statistics = statisticsWork(context, running).streams['scan.statistics']
  await line('statistics', () => statistics(forward, sink))
}

interface Shape {
  readonly codec: Codec
  readonly size: number
  readonly count: number
}

/** The number of records written, which is a few more than were asked for. */
async function fill(to: Client, topic: string, { codec, size, count }: Shape): Promise<number> {
  const perBatch = Math.floor(BATCH_BYTES / size)
  const templates = Array.from({ length: TEMPLATES }, (_, index) =>
    buildBatch({
      compression: codec,
      records: Array.from({ length: perBatch }, (__, n) => recordOf(index * perBatch + n, size)),
    }),
  )
  await to.metadata([topic])
  const batches = Math.ceil(count / perBatch)
  for (let at = 0; at < batches; at += 8)
    await Promise.all(
      Array.from({ length: Math.min(8, batches - at) }, (_, index) =>
        produceBatch(to, topic, templates[(at + index) % TEMPLATES]!),
      ),
    )
  return batches * perBatch
}

function random(): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
  return state
}

/** About half of it repeats, as in most JSON: lz4 halves it. */
function recordOf(n: number, size: number) {
  const note = n % 1_000 === 7 ? 'rare-word' : 'straw'
  let value = `{"order":${n},"customer":"c-${random() % 5_000}","cents":${random() % 1_000_000},"note":"${note} `
  while (value.length < size - 2) value += random().toString(36)
  return {
    // Of today: retention would take older ones away meanwhile.
    timestampMs: startedAtMs + BigInt(n % 1_000),
    key: Buffer.from(`k-${n % 10_000}`),
    value: Buffer.from(`${value.slice(0, size - 2)}"}`),
  }
}
