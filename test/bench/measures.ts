/** One measurement each, on a new topic of one partition; its segments go with it afterwards. */
import { createTopic, deleteTopic, javaToolChecked } from '../interop/tools.ts'
import type { RunningCluster } from '../interop/running-cluster.ts'
import { load, type Latency, type Throughput } from './load-generator.ts'
import { cpuSeconds } from './process-figures.ts'
import type { Results } from './results.ts'

export interface Contestant {
  readonly cluster: RunningCluster
  readonly index: number
  /** Replicas of each topic; of more than one, all but one must have a record to acknowledge it. */
  readonly factor: number
}

let topics = 0

async function newTopic({ cluster, factor }: Contestant): Promise<string> {
  const topic = `bench-${topics++}`
  // Gone soon after it is deleted, so that the disk does not fill over the rounds.
  const soon = { 'file.delete.delay.ms': '1000' }
  const inSync = { 'min.insync.replicas': String(Math.max(1, factor - 1)) }
  await createTopic(cluster, topic, { factor, configs: { ...soon, ...inSync } })
  return topic
}

/** librdkafka as the client: rate, MB/s and the broker's CPU time for each record. */
export async function loadAt(
  contestant: Contestant,
  results: Results,
  { size, count }: { size: number; count: number },
): Promise<void> {
  const { cluster, index } = contestant
  const topic = await newTopic(contestant)
  const measured = async (what: string, args: (string | number)[]) => {
    const before = cpuSeconds(cluster.processIds)
    const figures = await load<Throughput>(what, cluster.bootstrap, topic, count, ...args)
    const after = cpuSeconds(cluster.processIds)
    if (figures.records !== count)
      throw new Error(`${cluster.kind}: ${what} handled ${figures.records} of ${count} records`)
    const name = `${what}, ${size} B`
    const perSecond = figures.records / figures.seconds
    results.add(`${name}: rate`, 'records/s', index, perSecond)
    results.add(`${name}: volume`, 'MB/s', index, (perSecond * size) / 1e6)
    if (before !== null && after !== null)
      results.add(`${name}: broker CPU`, 'ns/record', index, ((after - before) * 1e9) / count)
  }
  await measured('produce', [size])
  await measured('consume', [])
  await deleteTopic(cluster, topic)
}

/** From the moment a record is due to its acknowledgement, with acks=all and linger 0. */
export async function latencyAt(
  contestant: Contestant,
  results: Results,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<void> {
  const { cluster, index } = contestant
  const topic = await newTopic(contestant)
  const args = [cluster.bootstrap, topic, rate, seconds, 100]
  const figures = await load<Latency>('latency', ...args)
  const name = `latency at ${rate.toLocaleString('en-US')}/s`
  results.add(`${name}: p50`, 'ms', index, figures.p50Us / 1_000)
  results.add(`${name}: p99`, 'ms', index, figures.p99Us / 1_000)
  results.add(`${name}: p99.9`, 'ms', index, figures.p999Us / 1_000)
  await deleteTopic(cluster, topic)
}

/** Java's ProducerPerformance; answers the topic that it filled. */
export async function javaProduce(
  contestant: Contestant,
  results: Results,
  { size, count }: { size: number; count: number },
): Promise<string> {
  const { cluster, index } = contestant
  const topic = await newTopic(contestant)
  const { stdout } = await javaToolChecked(
    'ProducerPerformance',
    [
      '--topic',
      topic,
      '--num-records',
      String(count),
      '--record-size',
      String(size),
      '--throughput',
      '-1',
      '--bootstrap-server',
      cluster.bootstrap,
    ],
    { timeoutMs: 180_000 },
  )
  const last = stdout.trim().split('\n').at(-1)!
  const rate = Number(/([\d.]+) records\/sec/.exec(last)?.[1])
  results.add(`Java produce, ${size} B: rate`, 'records/s', index, rate)
  return topic
}

/** Java's ConsumerPerformance; the time it fetched, without joining its group. */
export async function javaConsume(
  { cluster, index }: Contestant,
  results: Results,
  { topic, size, count }: { topic: string; size: number; count: number },
): Promise<void> {
  const records = ['--topic', topic, '--num-records', String(count)]
  const { stdout } = await javaToolChecked(
    'ConsumerPerformance',
    [...records, '--bootstrap-server', cluster.bootstrap, '--group', `bench-${topic}`],
    { timeoutMs: 180_000 },
  )
  const row = stdout.trim().split('\n').at(-1)!.split(', ')
  results.add(`Java consume, ${size} B: rate`, 'records/s', index, Number(row[9]))
  await deleteTopic(cluster, topic)
}
