/**
 * What reading records costs, and what it costs the main thread: first rows at a timestamp, pages
 * while one scrolls, a live tail, a large value, a histogram, the search for a key. A broker, the
 * main thread's part and a page, each in its thread; the same once with the work in the main thread
 * and once in an inspect worker. One table on standard output, and no judgement.
 *
 *     node test/bench/reading.ts [--records 10000000] [--seconds 10]
 */
import { cpus, loadavg } from 'node:os'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { MessageChannel, Worker } from 'node:worker_threads'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import { loadNativePackages } from '../../engine/protocol/records/native.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import { recordApi } from '../../src-main/contract/api/record.ts'
import type { Handlers } from '../../src-main/contract/define.ts'
import { EventHub } from '../../src-main/contract/event-hub.ts'
import { serve } from '../../src-main/contract/serve.ts'
import { RecordDetails } from '../../src-main/records/record-detail.ts'
import { recordWork } from '../../src-main/records/record-work.ts'
import { InspectWorkers } from '../../src-main/workers/inspect-workers.ts'
import { threadPort } from '../../src-main/workers/thread-port.ts'
import { clientOf, createTopics, fill, produceBatch } from './pages-data.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import type { Measured, Task } from './reading-page.ts'
import type { ProducerData } from './reading-producer.ts'

const VALUE_BYTES = 100
const LARGE_BYTES = 20_000_000
const LARGE_COUNT = 5
const SEEKS = 20
const PAGES = 100
const TAIL_PARTITIONS = 6
const TAIL_PER_SECOND = 5_000
const WIDE_PARTITIONS = 5_000
const WIDE_PAGES = 20

const { values: given } = parseArgs({
  options: { records: { type: 'string' }, seconds: { type: 'string' } },
})
const records = Number(given.records ?? 10_000_000)
const tailMs = Number(given.seconds ?? 10) * 1_000

loadNativePackages()
const cluster = await startCluster({ brokers: 1, ports: [0] })
const firstTimestampMs = BigInt(Date.now() - records)
await prepare()

const lines = [
  `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ` +
    `load ${loadavg()[0]!.toFixed(1)}; ${records} records of ${VALUE_BYTES} B, lz4`,
  '',
  '| measure | work in | figure | main loop delay: p50, p99, longest | work between turns: p99, longest | busy |',
  '| --- | --- | --- | --- | --- | --- |',
]
for (const place of ['main thread', 'worker'] as const) await measure(place)
process.stdout.write(`${lines.join('\n')}\n`)
await cluster.stop()

async function prepare(): Promise<void> {
  const client = clientOf(cluster.bootstrap)
  await createTopics(client, ['ten-million', 'a', 'b', 'c'], 1)
  await createTopics(client, ['tail'], TAIL_PARTITIONS)
  await createTopics(client, ['wide'], WIDE_PARTITIONS)
  const configs = [{ name: 'max.message.bytes', value: String(2 * LARGE_BYTES) }]
  await client.request(
    { type: 'controller' },
    { request: createTopicsRequest, response: createTopicsResponse },
    {
      topics: [{ name: 'large', numPartitions: 1, replicationFactor: 1, assignments: [], configs }],
      timeoutMs: 10_000,
      validateOnly: false,
    },
  )
  const common = { valueBytes: VALUE_BYTES, compression: 'lz4', firstTimestampMs } as const
  await fill(client, { topic: 'ten-million', records, ...common })
  await fill(client, { topic: 'wide', records: 10_000, ...common })
  for (const topic of ['a', 'b', 'c']) await fill(client, { topic, records: 100_000, ...common })
  await client.metadata(['large'])
  for (let count = 0; count < LARGE_COUNT; count++) {
    const value = Buffer.alloc(LARGE_BYTES, `large ${count} `)
    await produceBatch(
      client,
      'large',
      buildBatch({
        compression: 'none',
        records: [{ timestampMs: BigInt(Date.now()), key: null, value }],
      }),
    )
  }
  client.close()
}

/** All measures with the records read in one place. */
async function measure(place: 'main thread' | 'worker'): Promise<void> {
  const connection = { bootstrap: addressesOf(cluster.bootstrap), clientId: 'bench' }
  const workers = new InspectWorkers({ connectionOf: () => connection, size: 1 })
  const client = openClient(connection)
  const context = { clientOf: () => client, scanClientOf: () => client, nowMs: Date.now, wait }
  const handlers =
    place === 'worker' ? passing(workers) : recordWork(context, new RecordDetails(Date.now))
  const { port1, port2 } = new MessageChannel()
  const events = new EventHub<typeof recordApi>()
  serve({ contract: recordApi, handlers, events, port: threadPort(port1, () => port1.close()) })
  const page = new Worker(new URL('./reading-page.ts', import.meta.url), {
    workerData: { port: port2 },
    transferList: [port2],
  })
  const ask = (task: Task) => {
    const answered = new Promise<Measured>(resolve => page.once('message', resolve))
    page.postMessage(task)
    return answered
  }
  const say = (measure: string, figure: string, delay: string) => {
    lines.push(`| ${measure} | ${place} | ${figure} | ${delay} |`)
    process.stderr.write(`${place}: ${measure}: ${figure}; ${delay}\n`)
  }
  const run = async (name: string, task: Task, figure: (measured: Measured) => string) => {
    const [measured, delay] = await watched(() => ask(task))
    say(name, figure(measured), delay)
  }

  // Everything is compiled, and the worker started, before anything is measured.
  await ask({ type: 'scroll', topics: ['a', 'b', 'c'], pages: 20 })
  say('nothing', '', (await watched(() => sleep(2_000)))[1])
  const times = Array.from(
    { length: SEEKS },
    (_, index) => firstTimestampMs + (BigInt(records) * BigInt(2 * index + 1)) / BigInt(2 * SEEKS),
  )
  await run(
    '300 rows at a timestamp',
    { type: 'seek', topic: 'ten-million', times },
    ({ eachMs, counts }) => `${spread(eachMs)}, ${counts['wrong']} wrong`,
  )
  for (const topics of [['ten-million'], ['a', 'b', 'c']])
    await run(
      `scrolling, ${topics.length} topics, a page of 300 rows`,
      { type: 'scroll', topics, pages: PAGES },
      ({ eachMs, counts }) => `${spread(eachMs)}, ${counts['rows']} rows`,
    )
  await run(
    `scrolling, ${WIDE_PARTITIONS} partitions, a page of 300 rows`,
    { type: 'scroll', topics: ['wide'], pages: WIDE_PAGES },
    ({ eachMs, counts }) => `${spread(eachMs)}, ${counts['rows']} rows`,
  )
  const produced = produce()
  await run(
    `live tail at ${TAIL_PER_SECOND}/s, first row's age`,
    { type: 'tail', topic: 'tail', ms: tailMs, rowsMax: 1_000 },
    ({ eachMs, counts }) =>
      `${spread(eachMs)}, ${counts['rowsPerSecond']!.toFixed(0)} rows/s, ` +
      `read ${counts['read']} = shown ${counts['rows']} + skipped ${counts['skipped']}, repeated ${counts['repeated']}`,
  )
  const { sent, seconds } = await produced
  say('live tail: written meanwhile', `${(sent / seconds).toFixed(0)}/s`, '')
  await run(
    '20 MB value: record.get',
    { type: 'large', topic: 'large', times: LARGE_COUNT },
    ({ eachMs, counts }) =>
      `${spread(eachMs)}, ${counts['shownBytes']} of ${counts['valueBytes']} B; a range of 1 MiB at most ${counts['rangeMs']!.toFixed(1)} ms`,
  )
  await run(
    'histogram of 100 buckets',
    { type: 'histogram', topic: 'ten-million', bucketCount: 100 },
    ({ eachMs, counts }) => `${spread(eachMs)}, ${counts['records']} records`,
  )
  await run(
    'key that no record has',
    { type: 'by-key', topic: 'ten-million', bytesMax: 64 * 1024 * 1024 },
    ({ eachMs, counts }) =>
      `${((counts['records'] ?? 0) / eachMs[0]! / 1_000).toFixed(2)} M records/s, ${(counts['bytes'] ?? 0) / 1e6} MB fetched`,
  )
  await page.terminate()
  port1.close()
  client.close()
  await workers.close()
}

function passing(workers: InspectWorkers): Handlers<typeof recordApi> {
  return {
    commands: {
      'record.page': (input, signal) => workers.pass('record.page', input, { signal }),
      'record.get': (input, signal) => workers.pass('record.get', input, { signal }),
      'record.bytes': (input, signal) => workers.pass('record.bytes', input, { signal }),
      'record.seek': (input, signal) => workers.pass('record.seek', input, { signal }),
      'record.rows': (input, signal) => workers.pass('record.rows', input, { signal }),
      'record.histogram': (input, signal) => workers.pass('record.histogram', input, { signal }),
      'record.by-key': (input, signal) => workers.pass('record.by-key', input, { signal }),
    },
    streams: { 'record.live': (input, sink) => workers.relay('record.live', input, sink) },
  }
}

function produce(): Promise<{ readonly sent: number; readonly seconds: number }> {
  const workerData: ProducerData = {
    bootstrap: cluster.bootstrap,
    topic: 'tail',
    partitions: TAIL_PARTITIONS,
    perSecond: TAIL_PER_SECOND,
    ms: tailMs + 1_000,
  }
  const producer = new Worker(new URL('./reading-producer.ts', import.meta.url), { workerData })
  return new Promise((resolve, reject) => {
    producer.once('message', resolve)
    producer.once('error', reject)
  })
}

/**
 * What the main thread did meanwhile. Delays count what other processes took of the machine too;
 * its own work between two turns of the loop does not.
 */
async function watched<T>(act: () => Promise<T>): Promise<readonly [T, string]> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  const stretches: number[] = []
  let last = cpuMs()
  const ticking = setInterval(() => {
    const now = cpuMs()
    stretches.push(now - last)
    last = now
  }, 1)
  const [beganMs, beganCpuMs] = [performance.now(), cpuMs()]
  histogram.enable()
  const answer = await act()
  histogram.disable()
  clearInterval(ticking)
  const busy = ((cpuMs() - beganCpuMs) / (performance.now() - beganMs)) * 100
  // The timer behind it is due every millisecond, which is counted as delay.
  const delay = (ns: number) => Math.max(0, ns / 1e6 - 1).toFixed(1)
  const sorted = stretches.toSorted((a, b) => a - b)
  const stretch = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1)
  return [
    answer,
    `${delay(histogram.percentile(50))}, ${delay(histogram.percentile(99))}, ` +
      `${delay(histogram.max)} ms | ${stretch(0.99)}, ${stretch(1)} ms | ${busy.toFixed(1)} %`,
  ]
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

function spread(figures: readonly number[]): string {
  if (figures.length === 0) return 'nothing'
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return `${at(0.5).toFixed(1)} ms (${sorted[0]!.toFixed(1)} – ${sorted.at(-1)!.toFixed(1)})`
}
