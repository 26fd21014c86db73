/**
 * What the pages cost: a million rows scrolled through, the first rows of ten million records at a
 * timestamp, a list of ten thousand topics. The built application and a real browser; one table of
 * figures on standard output, and no judgement.
 *
 *     node test/bench/pages.ts [--topics 10000] [--records 10000000]
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { buildIfStale } from '../../scripts/build.ts'
import { startWeb, type RunningApplication } from '../e2e/application.ts'
import { clientOf, createTopics, fill } from './pages-data.ts'
import {
  countFrames,
  openBrowser,
  openPage,
  timeUntil,
  visit,
  watchThread,
  type Frames,
} from './pages-browser.ts'

const ROWS = 1_000_000
const VALUE_BYTES = 100
const SEEKS = 9
const SCROLL_MS = 5_000
const WAIT_MS_MAX = 60_000

const lines: string[] = []

function say(measure: string, figure: string): void {
  lines.push(`| ${measure} | ${figure} |`)
  process.stderr.write(`${measure}: ${figure}\n`)
}

function milliseconds(figures: readonly number[]): string {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]!
  return `${middle.toFixed(0)} ms (${sorted[0]!.toFixed(0)} – ${sorted.at(-1)!.toFixed(0)})`
}

function frames(counted: Frames, threadMs: number): string {
  const { perSecond, longestMs } = counted
  return (
    `${perSecond.toFixed(1)} frames/s, longest ${longestMs.toFixed(0)} ms, ` +
    `${threadMs.toFixed(1)} ms of the page's thread each`
  )
}

/** Runs in the page. */
function hasRows(): boolean {
  const cell = document.querySelector('.table-row .table-cell:nth-child(2)')
  return (cell?.textContent ?? '') !== ''
}

async function loadRows(page: Page, url: string, hash: string): Promise<number> {
  const startMs = performance.now()
  await visit(page, url, hash)
  await page.waitForFunction(hasRows, undefined, { timeout: WAIT_MS_MAX })
  return performance.now() - startMs
}

async function measureScroll(page: Page, name: string, act: () => void): Promise<void> {
  const thread = await watchThread(page)
  const counted = await countFrames(page, SCROLL_MS, act)
  say(name, frames(counted, (await thread()) / counted.count))
}

async function measureRecords(
  application: RunningApplication,
  page: Page,
  records: number,
): Promise<void> {
  const client = clientOf(application.bootstrap)
  await createTopics(client, ['million', 'ten-million'], 1)
  const common = { valueBytes: VALUE_BYTES, compression: 'lz4' } as const
  // Retention would take what is older than a week.
  const since = (count: number) => BigInt(Date.now() - count)
  await fill(client, { topic: 'million', records: ROWS, firstTimestampMs: since(ROWS), ...common })
  const firstTimestampMs = since(records)
  const startMs = performance.now()
  await fill(client, { topic: 'ten-million', records, firstTimestampMs, ...common })
  say(`${records} records of ${VALUE_BYTES} B written`, milliseconds([performance.now() - startMs]))
  client.close()

  say(
    'page with the newest rows, loaded from nothing',
    milliseconds([await loadRows(page, application.url, 'local/topics/ten-million')]),
  )
  const seeks: number[] = []
  for (let seek = 1; seek <= SEEKS; seek++) {
    const atMs = firstTimestampMs + (BigInt(records) * BigInt(seek)) / BigInt(SEEKS + 1)
    seeks.push(await timeToTimestamp(page, atMs))
  }
  say('first rows at a timestamp, in the open page', milliseconds(seeks))
  const drags: number[] = []
  for (const share of ['0.5', '0.2', '0.8', '0.1', '0.6'])
    drags.push(await timeUntil(page, dragTo, rowsNear, share))
  say('rows after a drag of the scroll bar', milliseconds(drags))

  await loadRows(page, application.url, 'local/topics/million?from=oldest')
  await measureScroll(page, 'a million rows, 5 rows a frame', wheel(140))
  await measureScroll(page, 'a million rows, 50 rows a frame', wheel(1_400))
}

/** The topic is opened at another time, as the toolbar does it; until the first row is that one. */
function timeToTimestamp(page: Page, atMs: bigint): Promise<number> {
  const wanted = new Date(Number(atMs)).toISOString().replace('T', ' ').replace('Z', '')
  return timeUntil(
    page,
    argument => {
      const [time] = argument.split('|')
      location.hash = `${location.hash.split('?')[0]}?from=time:${time}`
    },
    argument => {
      const [, text] = argument.split('|')
      // Rows above the first visible one are drawn ahead.
      return [...document.querySelectorAll('.table-row')]
        .slice(0, 12)
        .some(row => row.textContent.includes(text ?? ''))
    },
    `${atMs}|${wanted}`,
  )
}

/** Runs in the page, as the next one. */
function dragTo(share: string): void {
  const table = document.querySelector('.table')!
  table.scrollTop = table.scrollHeight * Number(share)
}

function rowsNear(share: string): boolean {
  const table = document.querySelector('.table')!
  const count = Number(table.getAttribute('aria-rowcount'))
  const top = table.getBoundingClientRect().top
  const row = [...table.querySelectorAll('.table-row')].find(
    each => each.getBoundingClientRect().top > top + 30,
  )
  const place = Number(row?.getAttribute('aria-rowindex')) / count
  const text = row?.querySelector('.table-cell:nth-child(3)')?.textContent ?? ''
  return Math.abs(place - Number(share)) < 0.02 && text !== ''
}

function wheel(pixels: 140 | 1_400): () => void {
  // The text of the function travels, so the number must stand in it.
  return pixels === 140
    ? () => {
        const event = { deltaY: 140, bubbles: true, cancelable: true }
        document.querySelector('.table')!.dispatchEvent(new WheelEvent('wheel', event))
      }
    : () => {
        const event = { deltaY: 1_400, bubbles: true, cancelable: true }
        document.querySelector('.table')!.dispatchEvent(new WheelEvent('wheel', event))
      }
}

async function measureTopics(
  application: RunningApplication,
  page: Page,
  count: number,
): Promise<void> {
  const client = clientOf(application.bootstrap)
  const names = Array.from({ length: count }, (_, n) => `team-${n % 40}.stream-${n}`)
  const startMs = performance.now()
  await createTopics(client, names, 4)
  say(`${count} topics of 4 partitions made`, milliseconds([performance.now() - startMs]))
  client.close()
  const loads: number[] = []
  for (let load = 0; load < 3; load++)
    loads.push(await loadRows(page, application.url, 'local/topics'))
  say(`page with ${count} topics, loaded from nothing`, milliseconds(loads))
  await measureScroll(page, `${count} topics, 5 rows a frame`, () => {
    document.querySelector('.table')!.scrollTop += 140
  })
  const last = String(count - 1)
  say(
    'one topic by its name in the filter',
    milliseconds([await timeUntil(page, typeFilter, oneRow, `stream-${last}`)]),
  )
}

function typeFilter(text: string): void {
  const field = document.querySelector<HTMLInputElement>('.toolbar input')!
  // React hears of values that the browser's own setter gave.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

function oneRow(): boolean {
  return document.querySelectorAll('.table-row').length === 1
}

const { values } = parseArgs({
  options: {
    topics: { type: 'string', default: '10000' },
    records: { type: 'string', default: '10000000' },
  },
})
await buildIfStale()
const browser = await openBrowser()
const application = await startWeb('--ephemeral', '--no-sample')
try {
  await measureRecords(application, await openPage(browser), Number(values.records))
  await measureTopics(application, await openPage(browser), Number(values.topics))
} finally {
  await browser.close()
  await application.stop()
}
const load = loadavg()[0]!.toFixed(1)
process.stdout.write(`| measure (${cpus().length} cores, load ${load}) | figure |\n| --- | --- |\n`)
process.stdout.write(`${lines.join('\n')}\n`)
