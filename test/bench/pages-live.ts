/**
 * A live tail in a real browser: a producer writes at a steady rate, the page follows. Frames, the
 * page's processor time, how old the newest row is, and the memory that stays. One table of figures
 * on standard output, and no judgement.
 *
 *     node test/bench/pages-live.ts [--rate 5000] [--seconds 60]
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { CDPSession, Page } from '@playwright/test'
import { buildIfStale } from '../../scripts/build.ts'
import { startWeb } from '../e2e/application.ts'
import { countFrames, openBrowser, openPage, visit, watchThread } from './pages-browser.ts'
import { clientOf, createTopics } from './pages-data.ts'
import type { ProducerData } from './reading-producer.ts'

const TOPIC = 'tail'
const PARTITIONS = 6
const FRAMES_MS = 10_000
/** What is drawn and kept while the first rows come is no part of the memory that grows. */
const SETTLE_MS = 5_000
const MEGABYTE = 1024 * 1024

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '60' },
  },
})
const perSecond = Number(values.rate)
const totalMs = Number(values.seconds) * 1_000
const lines: string[] = []

function say(measure: string, figure: string): void {
  lines.push(`| ${measure} | ${figure} |`)
  process.stderr.write(`${measure}: ${figure}\n`)
}

/** Of the page alone, after its garbage is collected. */
async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

/** Runs in the page: how long ago the newest row on screen was written, as its timestamp says. */
function newestAgeMs(): number {
  const ages = [...document.querySelectorAll('.table-row')].map(row => {
    const text = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/.exec(row.textContent)?.[0]
    return text === undefined ? Infinity : Date.now() - Date.parse(`${text.replace(' ', 'T')}Z`)
  })
  return Math.min(...ages)
}

async function agesOf(page: Page): Promise<readonly number[]> {
  const ages: number[] = []
  for (let look = 0; look < 20; look++) {
    ages.push(await page.evaluate(newestAgeMs))
    await page.waitForTimeout(150)
  }
  return ages.toSorted((a, b) => a - b)
}

await buildIfStale()
const browser = await openBrowser()
const application = await startWeb('--ephemeral', '--no-sample')
try {
  const client = clientOf(application.bootstrap)
  await createTopics(client, [TOPIC], PARTITIONS)
  client.close()
  const page = await openPage(browser)
  await visit(page, application.url, `local/topics/${TOPIC}?until=never`)
  const producer = new Worker(new URL('reading-producer.ts', import.meta.url), {
    workerData: {
      bootstrap: application.bootstrap,
      topic: TOPIC,
      partitions: PARTITIONS,
      perSecond,
      ms: totalMs + SETTLE_MS,
    } satisfies ProducerData,
  })
  const produced = new Promise<{ sent: number; seconds: number }>((resolve, reject) => {
    producer.once('message', resolve)
    producer.once('error', reject)
  })
  const endMs = Date.now() + totalMs
  await page.waitForSelector('.table-row')
  await page.waitForTimeout(SETTLE_MS)
  const session = await page.context().newCDPSession(page)
  const before = await heapBytes(session)

  const thread = await watchThread(page)
  const counted = await countFrames(page, FRAMES_MS, () => {})
  say(
    `frames while ${perSecond} records/s come`,
    `${counted.perSecond.toFixed(1)} frames/s, longest ${counted.longestMs.toFixed(0)} ms, ` +
      `${((await thread()) / counted.count).toFixed(1)} ms of the page's thread each`,
  )
  const ages = await agesOf(page)
  const at = (share: number) => ages[Math.floor(share * (ages.length - 1))]!.toFixed(0)
  say('age of the newest row', `median ${at(0.5)} ms, longest ${at(1)} ms`)

  await page.waitForTimeout(Math.max(0, endMs - Date.now()))
  const after = await heapBytes(session)
  const inMegabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1)
  say(
    `live heap of the page, after ${SETTLE_MS / 1_000} s and after ${values.seconds} s`,
    `${inMegabytes(before)} MB, ${inMegabytes(after)} MB`,
  )
  const { sent, seconds } = await produced
  say('produced', `${sent} records, ${(sent / seconds).toFixed(0)}/s`)
} finally {
  await browser.close()
  await application.stop()
}
const load = loadavg()[0]!.toFixed(1)
process.stdout.write(`| measure (${cpus().length} cores, load ${load}) | figure |\n| --- | --- |\n`)
process.stdout.write(`${lines.join('\n')}\n`)
