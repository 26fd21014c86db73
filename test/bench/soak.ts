/**
 * `npm run bench:soak`: three brokers and three controllers under a mixed load for as long as one
 * likes, and what the process holds meanwhile. In each minute, with three replicas and acks=all:
 * records of 100 B at a steady rate and linger 0, read by a consumer group; bursts of 1 KB written
 * as fast as they are taken, read from the beginning, and deleted with their topic. Figures only.
 *
 * The built application is run, as users run it (`built-application.ts`): threads that run from the
 * sources hold some 100 MB more.
 *
 * Options: --minutes N · --rate RECORDS_PER_SECOND · --burst RECORDS (0: none).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { startCluster } from '../interop/cluster-under-test.ts'
import type { RunningCluster } from '../interop/running-cluster.ts'
import { createTopic, deleteTopic } from '../interop/tools.ts'
import { measureBuilt } from './built-application.ts'
import { load, loadGenerator, type Latency, type Throughput } from './load-generator.ts'
import { cpuSeconds, residentMegabytes } from './process-figures.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2000' },
    burst: { type: 'string', default: '200000' },
  },
})
const minutes = Number(values.minutes)
const rate = Number(values.rate)
const burst = Number(values.burst)
/** The rest of the minute is the time that clients take to come and go. */
const STEADY_SECONDS = 55
const SAMPLE_MS = 1_000
const durable = { 'min.insync.replicas': '2', 'file.delete.delay.ms': '1000' }

await measureBuilt()
await loadGenerator()
const cluster = await startCluster('odradek', { brokers: 3 })
try {
  console.log(`after start: ${megabytes(residentMegabytes(cluster.processIds))}`)
  // A few segments stay, so that the disk does not fill and retention has something to do.
  const kept = { ...durable, 'segment.bytes': '67108864', 'retention.bytes': '268435456' }
  await createTopic(cluster, 'steady', { partitions: 1, factor: 3, configs: kept })
  const group = await readInGroup(cluster)
  console.log('minute | memory now | most in it | CPU | p50 | p99 | written 1 KB | read by group')
  for (let minute = 1; minute <= minutes; minute++) await oneMinute(minute, group.read)
  await group.stop()
  await sleep(10_000)
  console.log(`10 s after the load: ${megabytes(residentMegabytes(cluster.processIds))}`)
} finally {
  await cluster.stop()
}

async function oneMinute(minute: number, read: () => number): Promise<void> {
  const startMs = performance.now()
  const cpuBefore = cpuSeconds(cluster.processIds) ?? NaN
  let most = 0
  const sampling = setInterval(() => {
    most = Math.max(most, residentMegabytes(cluster.processIds) ?? NaN)
  }, SAMPLE_MS)
  const [latency, written] = await Promise.all([
    load<Latency>('latency', cluster.bootstrap, 'steady', rate, STEADY_SECONDS, 100),
    burst === 0 ? null : writeBurst(`burst-${minute}`),
  ])
  clearInterval(sampling)
  const share =
    ((cpuSeconds(cluster.processIds) ?? NaN) - cpuBefore) / ((performance.now() - startMs) / 1_000)
  const now = residentMegabytes(cluster.processIds)
  console.log(
    [
      minute,
      megabytes(now),
      megabytes(most),
      `${(share * 100).toFixed(0)} %`,
      `${(latency.p50Us / 1_000).toFixed(1)} ms`,
      `${(latency.p99Us / 1_000).toFixed(1)} ms`,
      written === null ? '–' : `${Math.round(written.records / written.seconds)}/s`,
      read(),
    ].join(' | '),
  )
}

async function writeBurst(topic: string): Promise<Throughput> {
  await createTopic(cluster, topic, { factor: 3, configs: durable })
  const written = await load<Throughput>('produce', cluster.bootstrap, topic, burst, 1_000)
  await load<Throughput>('consume', cluster.bootstrap, topic, burst)
  await deleteTopic(cluster, topic)
  return written
}

async function readInGroup({ bootstrap }: RunningCluster) {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: 'soak' })
  let records = 0
  await consumer.connect()
  await consumer.subscribe({ topics: ['steady'], fromBeginning: true })
  await consumer.run({ eachBatch: async ({ batch }) => void (records += batch.messages.length) })
  return { read: () => records, stop: () => consumer.disconnect() }
}

function megabytes(figure: number | null): string {
  return figure === null ? 'unknown' : `${figure.toFixed(0)} MB`
}
