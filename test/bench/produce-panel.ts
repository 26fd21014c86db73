/**
 * How fast the producing thread makes and sends records, and what that costs the main thread: from
 * a template, from files, from another topic. One broker in this process, over TCP. One table on
 * standard output, and no judgement.
 *
 *     node test/bench/produce-panel.ts [--seconds 3]
 */
import { cpus, loadavg } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import { addressesOf } from '../../src-main/clusters/cluster-connection.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { Delivery, RecordDraft, RunInput } from '../../src-main/contract/api/produce.ts'
import { Jobs } from '../../src-main/jobs/jobs.ts'
import { ProduceRuns } from '../../src-main/produce/produce-runs.ts'
import { ProduceThread } from '../../src-main/produce/thread/produce-thread.ts'
import { createTopic } from '../../src-main/topics/topic-changes.ts'
import { openClient } from '../../src-main/clusters/cluster-connection.ts'

const { values: given } = parseArgs({ options: { seconds: { type: 'string' } } })
const durationMs = Number(given.seconds ?? 3) * 1_000
const FILE_RECORDS = 600_000
const PIECE_BYTES = 524_288

const cluster = await startCluster({ brokers: 1, ports: [0] })
const connection = { bootstrap: addressesOf(cluster.bootstrap), clientId: 'bench' }
const client = openClient(connection)
const thread = new ProduceThread({ connectionOf: () => connection })
const runs = new ProduceRuns({ thread, jobs: new Jobs(Date.now), nowMs: Date.now, wait })
let topicCount = 0

const delivery: Delivery = { acks: 'all', idempotent: true, codec: 'none', partitioner: 'java' }

function draft(text: string, key: RecordDraft['key'] = { type: 'null' }): RecordDraft {
  return {
    key,
    value: { type: 'text', text },
    headers: [],
    partition: null,
    timestamp: { type: 'now' },
    template: { variables: [], seed: 1 },
  }
}

const template = (of: RecordDraft): RunInput => ({
  type: 'template',
  draft: of,
  count: null,
  rate: null,
  durationMs,
})
const fixed = draft('x'.repeat(100))
const filled = draft(
  '{"n":{{sequence | pad 9}},"id":"{{uuid}}","state":"{{choice paid open}}","v":"xxxxx"}',
)
const keyed = draft('x'.repeat(90), { type: 'text', text: 'key-{{int 100000 999999}}' })

const measures: readonly [what: string, run: RunInput, how?: Partial<Delivery>, file?: Buffer][] = [
  ['template, 100 B alike', template(fixed)],
  ['template, 100 B alike, acks 0', template(fixed), { acks: '0', idempotent: false }],
  ['template, 100 B filled in', template(filled)],
  ['template, 100 B filled in, lz4', template(filled), { codec: 'lz4' }],
  ['template, 100 B filled in, zstd', template(filled), { codec: 'zstd' }],
  ['template, random key and 90 B, lz4', template(keyed), { codec: 'lz4' }],
  ['template, 1 KB alike', template(draft('x'.repeat(1_000)))],
  ['NDJSON, 100 B a line', file('ndjson'), {}, ndjson()],
  ['CSV, 4 columns, 60 B a row', file('csv'), { codec: 'lz4' }, csv()],
]

console.log(
  `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ` +
    `load ${loadavg()[0]!.toFixed(1)}; one broker, 6 partitions, acks all and idempotent\n`,
)
console.log('| from | records/s | MB/s sent | main loop delay: p99, longest |')
console.log('| --- | ---: | ---: | ---: |')
await measured(template(fixed), {}, undefined, 500)
for (const [what, run, how = {}, bytes] of measures) {
  const { line } = await measured(run, how, bytes)
  console.log(`| ${what} | ${line} |`)
}
const { topic } = await measured(template(filled), { codec: 'lz4' })
const replay: RunInput = {
  type: 'replay',
  from: { cluster: 'local', topic },
  records: { type: 'range', partitions: null, begin: { type: 'oldest' }, end: { type: 'now' } },
  keepTimestamp: true,
  keepPartition: true,
  rate: null,
}
console.log(`| replay of these, lz4 | ${(await measured(replay, { codec: 'lz4' })).line} |`)
await thread.close()
client.close()
await cluster.stop()

async function measured(
  run: RunInput,
  how: Partial<Delivery>,
  bytes?: Buffer,
  limitMs = durationMs,
): Promise<{ line: string; topic: string }> {
  const topic = `bench-${++topicCount}`
  await createTopic(client, {
    topic,
    partitionCount: 6,
    replicationFactor: 1,
    configurations: [],
    validateOnly: false,
  })
  const limited = run.type === 'template' ? { ...run, durationMs: limitMs } : run
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const { runId } = await runs.start({
    cluster: 'local',
    topic,
    run: limited,
    delivery: { ...delivery, ...how },
    continueAfterErrors: false,
  })
  if (bytes !== undefined) await feed(runId, bytes)
  const sink = { signal: new AbortController().signal, congested: false, emit: () => {} }
  await runs.watch(runId, sink)
  delay.disable()
  const { sentCount, sentBytes, startedAtMs, endedAtMs, problem } = runs.get(runId)
  if (problem !== null) throw new TypeError(`${problem.code}: ${problem.message}`)
  const seconds = Number(endedAtMs! - startedAtMs) / 1_000
  const rate = Math.round(Number(sentCount) / seconds).toLocaleString('en-US')
  const megabytes = (Number(sentBytes) / 1e6 / seconds).toFixed(1)
  const ms = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(1)} ms`
  return { line: `${rate} | ${megabytes} | ${ms(delay.percentile(99))}, ${ms(delay.max)}`, topic }
}

async function feed(runId: string, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = new Uint8Array(bytes.subarray(at, at + PIECE_BYTES))
    await runs.feed(runId, piece, at + PIECE_BYTES >= bytes.length)
  }
}

function file(type: 'ndjson' | 'csv'): RunInput {
  return {
    type: 'file',
    format: type === 'csv' ? { type, delimiter: ',', named: true } : { type },
    mapping: {
      key: type === 'csv' ? { type: 'field', name: 'id', encoding: 'text' } : { type: 'none' },
      value: { type: 'whole' },
      headers: [],
      headersField: null,
      partitionField: null,
      timestampField: null,
      emptyAs: 'null',
    },
    sizeBytes: null,
    rate: null,
  }
}

function ndjson(): Buffer {
  const lines = Array.from({ length: FILE_RECORDS }, (_, n) =>
    JSON.stringify({ n, id: `id-${n}`.padEnd(30, 'x'), state: 'paid', v: 'x'.repeat(36) }),
  )
  return Buffer.from(lines.join('\n'))
}

function csv(): Buffer {
  const lines = Array.from(
    { length: FILE_RECORDS },
    (_, n) => `${n},name ${n},paid,${'x'.repeat(40)}`,
  )
  return Buffer.from(['id,name,state,text', ...lines].join('\n'))
}
