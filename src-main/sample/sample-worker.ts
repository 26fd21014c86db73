/**
 * The sample shop's clients, in a thread of their own: kafkajs producers and consumers, which know
 * nothing of us. Ends when it is told to stop, after leaving its groups.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import kafkajs, { type Consumer, type Kafka, type Producer } from 'kafkajs'
import { compress, decompress, type Codec } from '../../engine/protocol/records/compression.ts'
import type { SampleWorkerData, StopMessage, WorkerMessage } from './sample-messages.ts'
import { HISTORY_MS, SEED, sampleGroups, sampleTopics, type SampleGroup } from './sample-plan.ts'
import { createShop, type Shop, type ShopRecord } from './shop.ts'

// CommonJS, whose names Node does not all see.
const { CompressionCodecs, CompressionTypes, logLevel } = kafkajs

const STEP_MS = 200
const COUNT_MS = 1_000
/** Records that one request carries while the past is written. */
const HISTORY_STEP_MS = 5_000

const compressionTypes: Readonly<Record<Codec, number>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

const { bootstrap, withHistory } = workerData as SampleWorkerData
const stopping = new AbortController()
const counts = { produced: 0, consumed: 0 }

parentPort!.on('message', (message: StopMessage) => {
  if (message.type === 'stop') stopping.abort()
})
hideTimerWarning()
plugInCodecs()
await run().catch((error: unknown) => {
  const reason = error instanceof Error ? error : new TypeError(String(error))
  say({ type: 'failed', message: reason.message, details: reason.stack ?? reason.message })
})
parentPort!.close()

async function run(): Promise<void> {
  const kafka = new kafkajs.Kafka({
    clientId: 'odradek-sample',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 200, maxRetryTime: 5_000 },
  })
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const consumers: Consumer[] = []
  const counting = setInterval(() => say({ type: 'counted', ...counts }), COUNT_MS)
  try {
    await producer.connect()
    const nowMs = Date.now()
    const startMs = withHistory ? nowMs - HISTORY_MS : nowMs
    const shop = createShop({ seed: SEED + (withHistory ? 0 : nowMs), startMs })
    await send(producer, shop.advance(startMs + HISTORY_STEP_MS))
    say({ type: 'running' })
    // Joining takes seconds when a second member makes the first one rejoin.
    const joining = startConsumers(kafka, consumers)
    await writeHistory(producer, shop, startMs, nowMs)
    await joining
    while (!stopping.signal.aborted) {
      await send(producer, shop.advance(Date.now()))
      await sleep(STEP_MS)
    }
  } finally {
    clearInterval(counting)
    await Promise.allSettled(consumers.map(consumer => consumer.disconnect()))
    await producer.disconnect()
    say({ type: 'counted', ...counts })
  }
}

async function writeHistory(
  producer: Producer,
  shop: Shop,
  startMs: number,
  nowMs: number,
): Promise<void> {
  for (let atMs = startMs; atMs < nowMs && !stopping.signal.aborted; atMs += HISTORY_STEP_MS)
    await send(producer, shop.advance(Math.min(atMs + HISTORY_STEP_MS, nowMs)))
}

async function send(producer: Producer, records: readonly ShopRecord[]): Promise<void> {
  for (const { name, codec } of sampleTopics) {
    const own = records.filter(({ topic }) => topic === name)
    if (own.length === 0) continue
    await producer.send({
      topic: name,
      compression: compressionTypes[codec],
      messages: own.map(({ key, value, headers, timestampMs }) => ({
        key,
        value,
        headers: { ...headers },
        timestamp: String(timestampMs),
      })),
    })
    counts.produced += own.length
  }
}

async function startConsumers(kafka: Kafka, consumers: Consumer[]): Promise<void> {
  for (const group of sampleGroups)
    for (let member = 1; member <= group.memberCount; member++) {
      if (stopping.signal.aborted) return
      await startConsumer(kafka, group, member, consumers)
    }
}

async function startConsumer(
  kafka: Kafka,
  group: SampleGroup,
  member: number,
  consumers: Consumer[],
): Promise<void> {
  const consumer = kafka.consumer({
    groupId: group.groupId,
    sessionTimeout: 20_000,
    heartbeatInterval: 1_000,
    // Leaving waits for the fetch that is under way.
    maxWaitTimeInMs: 500,
    // A slow consumer then takes a little of every partition in turn.
    ...(group.recordMs > 0 ? { maxBytesPerPartition: 1_024 } : {}),
  })
  consumers.push(consumer)
  await consumer.connect()
  await consumer.subscribe({ topics: [...group.topics], fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 2_000 + member * 100,
    eachMessage: async () => {
      counts.consumed += 1
      // To its end, also when stopping: or it would rush through what it has fetched.
      if (group.recordMs > 0) await sleep(group.recordMs)
    },
  })
}

/** kafkajs has gzip only; the others are the engine's. */
function plugInCodecs(): void {
  // Its declared types know enum members only, and this is a plain table of functions.
  const table = CompressionCodecs as Record<number, () => unknown>
  for (const codec of ['snappy', 'lz4', 'zstd'] as const)
    table[compressionTypes[codec]] = () => ({
      compress: async ({ buffer }: { buffer: Buffer }) => Buffer.from(compress(codec, buffer)),
      decompress: async (buffer: Buffer) => Buffer.from(decompress(codec, buffer)),
    })
}

/** kafkajs 2.2.4 sets a timer into the past when it connects, which Node 24 remarks upon. */
function hideTimerWarning(): void {
  const emit = process.emitWarning.bind(process) as (...all: unknown[]) => void
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'TimeoutNegativeWarning') emit(warning, ...rest)
  }
}

function say(message: WorkerMessage): void {
  parentPort!.postMessage(message)
}
