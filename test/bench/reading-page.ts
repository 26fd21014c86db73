/**
 * The page's part of the measurement, in a thread of its own: it asks over a port as a page does,
 * and times what it gets.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { wait } from '../../src-main/clusters/wait.ts'
import type { recordApi } from '../../src-main/contract/api/record.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { Client, InputOf } from '../../src-main/contract/define.ts'
import { threadPort } from '../../src-main/workers/thread-port.ts'

export type Task =
  | { readonly type: 'seek'; readonly topic: string; readonly times: readonly bigint[] }
  | { readonly type: 'scroll'; readonly topics: readonly string[]; readonly pages: number }
  | { readonly type: 'tail'; readonly topic: string; readonly ms: number; readonly rowsMax: number }
  | { readonly type: 'large'; readonly topic: string; readonly times: number }
  | { readonly type: 'histogram'; readonly topic: string; readonly bucketCount: number }
  | { readonly type: 'by-key'; readonly topic: string; readonly bytesMax: number }

/** Milliseconds for each thing that was done, and what was counted. */
export interface Measured {
  readonly eachMs: readonly number[]
  readonly counts: Readonly<Record<string, number>>
}

const { port } = workerData as { readonly port: MessagePort }
const client: Client<typeof recordApi> = connect({
  open: () => Promise.resolve(threadPort(port, () => port.close())),
  wait,
})
const cluster = 'local'

parentPort!.on('message', (task: Task) => {
  void run(task).then(measured => parentPort!.postMessage(measured))
})

async function run(task: Task): Promise<Measured> {
  switch (task.type) {
    case 'seek':
      return seek(task.topic, task.times)
    case 'scroll':
      return scroll(task.topics, task.pages)
    case 'tail':
      return tail(task)
    case 'large':
      return large(task.topic, task.times)
    case 'histogram':
      return histogram(task.topic, task.bucketCount)
    case 'by-key':
      return byKey(task.topic, task.bytesMax)
  }
}

function sourcesOf(topics: readonly string[]) {
  return topics.map(topic => ({ topic, partitions: null }))
}

async function timed<T>(eachMs: number[], act: () => Promise<T>): Promise<T> {
  const startMs = performance.now()
  const answer = await act()
  eachMs.push(performance.now() - startMs)
  return answer
}

type PageInput = InputOf<typeof recordApi, 'record.page'>

function readPage(topics: readonly string[], input: Partial<PageInput>) {
  return client.call('record.page', {
    cluster,
    sources: sourcesOf(topics),
    base: null,
    from: { type: 'oldest' },
    direction: 'forward',
    limit: 300,
    previewBytes: 512,
    ...input,
  })
}

async function seek(topic: string, times: readonly bigint[]): Promise<Measured> {
  const eachMs: number[] = []
  let wrong = 0
  for (const timestampMs of times) {
    const from = { type: 'timestamp', timestampMs } as const
    const { rows } = await timed(eachMs, () => readPage([topic], { from }))
    if (rows[0]?.timestampMs !== timestampMs) wrong += 1
  }
  return { eachMs, counts: { wrong } }
}

/** Page after page, as someone does who scrolls: the next when the last has come. */
async function scroll(topics: readonly string[], pages: number): Promise<Measured> {
  const eachMs: number[] = []
  let page = await readPage(topics, {})
  let rows = 0
  let bytes = 0
  for (let count = 0; count < pages; count++) {
    const from = { type: 'cut', cut: page.after.cut } as const
    page = await timed(eachMs, () => readPage(topics, { from, base: page.base }))
    rows += page.rows.length
    bytes += page.bytesRead
    // A frame passes between two wishes.
    await sleep(16)
  }
  return { eachMs, counts: { rows, bytes } }
}

async function tail({ topic, ms, rowsMax }: Extract<Task, { type: 'tail' }>): Promise<Measured> {
  const counts = { rows: 0, updates: 0, skipped: 0, read: 0, waiting: 0, repeated: 0 }
  const lateMs: number[] = []
  let firstMs = 0
  let lastMs = 0
  let rowsAtFirst = 0
  const seen = new Set<string>()
  const close = client.stream(
    'record.live',
    {
      cluster,
      sources: sourcesOf([topic]),
      base: null,
      from: { type: 'newest' },
      show: 'rows',
      rowsMax,
    },
    {
      onItem({ rows, skippedCount, readCount, waitingCount }) {
        counts.rows += rows.length
        counts.updates += 1
        counts.skipped = Number(skippedCount)
        counts.read = Number(readCount)
        counts.waiting = Number(waitingCount)
        for (const { partition, offset } of rows) {
          const key = `${partition}:${offset}`
          if (seen.has(key)) counts.repeated += 1
          seen.add(key)
        }
        const [first] = rows
        lastMs = performance.now()
        if (first !== undefined && firstMs === 0) {
          firstMs = lastMs
          rowsAtFirst = counts.rows
        }
        if (first !== undefined) lateMs.push(Date.now() - Number(first.timestampMs))
      },
    },
  )
  await sleep(ms)
  close()
  const rowsPerSecond = (counts.rows - rowsAtFirst) / ((lastMs - firstMs) / 1_000)
  return { eachMs: lateMs, counts: { ...counts, rowsPerSecond } }
}

/** A record of many megabytes: its row, its beginning, a range of it, each from nothing. */
async function large(topic: string, times: number): Promise<Measured> {
  const eachMs: number[] = []
  const counts: Record<string, number> = {}
  for (let offset = 0; offset < times; offset++) {
    const place = { cluster, topic, partition: 0, offset: BigInt(offset) }
    const record = await timed(eachMs, () => client.call('record.get', place))
    counts['valueBytes'] = record.value?.sizeBytes ?? 0
    counts['shownBytes'] = record.value?.bytes.length ?? 0
    const startMs = performance.now()
    const part = { type: 'value' } as const
    await client.call('record.bytes', { ...place, part, from: 8_000_000, length: 1_048_576 })
    counts['rangeMs'] = Math.max(counts['rangeMs'] ?? 0, performance.now() - startMs)
  }
  return { eachMs, counts }
}

async function histogram(topic: string, bucketCount: number): Promise<Measured> {
  const eachMs: number[] = []
  const range = { fromMs: null, toMs: null, bucketCount }
  const sources = sourcesOf([topic])
  let records = 0n
  for (let time = 0; time < 5; time++) {
    const ask = () => client.call('record.histogram', { cluster, sources, base: null, ...range })
    const { counts } = await timed(eachMs, ask)
    records = counts.reduce((sum, each) => sum + each, 0n)
  }
  return { eachMs, counts: { records: Number(records) } }
}

async function byKey(topic: string, bytesMax: number): Promise<Measured> {
  const eachMs: number[] = []
  const key = Buffer.from('no record has it')
  const input = {
    cluster,
    topic,
    partition: 0,
    offset: 0n,
    key,
    direction: 'forward',
    from: null,
  } as const
  const { readRecords, readBytes } = await timed(eachMs, () =>
    client.call('record.by-key', { ...input, bytesMax }),
  )
  return { eachMs, counts: { records: readRecords, bytes: readBytes } }
}
