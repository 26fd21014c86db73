/**
 * The list of very many groups in a real browser: loaded from nothing, scrolled, filtered, put in
 * the order of lag. One table of figures on standard output, and no judgement.
 *
 *     node test/bench/groups-page.ts [--groups 15000] [--screenshot FILE]
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { buildIfStale } from '../../scripts/build.ts'
import { startWeb } from '../e2e/application.ts'
import { groupNames, makeGroups } from './group-data.ts'
import { countFrames, openBrowser, openPage, timeUntil, visit } from './pages-browser.ts'
import { clientOf } from './pages-data.ts'

const SCROLL_MS = 4_000
const WAIT_MS_MAX = 60_000

const { values } = parseArgs({
  options: { groups: { type: 'string', default: '15000' }, screenshot: { type: 'string' } },
})
const count = Number(values.groups)
const lines: string[] = []

function say(measure: string, figure: string): void {
  lines.push(`| ${measure} | ${figure} |`)
  process.stderr.write(`${measure}: ${figure}\n`)
}

await buildIfStale()
const browser = await openBrowser()
const application = await startWeb('--ephemeral', '--no-sample')
try {
  const client = clientOf(application.bootstrap)
  await makeGroups(client, groupNames(count))
  client.close()
  const page = await openPage(browser)
  const startMs = performance.now()
  await visit(page, application.url, 'local/groups')
  await page.waitForSelector('.table-row', { timeout: WAIT_MS_MAX })
  say('names on screen, loaded from nothing', `${(performance.now() - startMs).toFixed(0)} ms`)
  // Waits for the lag of the first row that has one.
  await page.waitForFunction(
    () =>
      /\d/.test(document.querySelector('.table-row .table-cell:nth-child(7)')?.textContent ?? ''),
    undefined,
    { timeout: WAIT_MS_MAX },
  )
  say('and their figures', `${(performance.now() - startMs).toFixed(0)} ms`)
  const scrolled = await countFrames(page, SCROLL_MS, () => {
    document.querySelector('.table')!.scrollTop += 140
  })
  say(
    'scrolled, 5 rows a frame',
    `${scrolled.perSecond.toFixed(1)} frames/s, longest ${scrolled.longestMs.toFixed(0)} ms`,
  )
  await page.waitForTimeout(1_000)
  const byLag = await timeUntil(
    page,
    () => {
      location.hash = '#/local/groups?sort=-lag'
    },
    () => {
      const head = document.querySelector('[aria-sort=descending]')
      const text = document.querySelector('.toolbar')!.textContent
      return head !== null && !text.includes('as far as known')
    },
    '',
  )
  say('in the order of lag, until every lag is known', `${(byLag / 1_000).toFixed(1)} s`)
  if (values.screenshot !== undefined) await page.screenshot({ path: values.screenshot })
} finally {
  await browser.close()
  await application.stop()
}
const load = loadavg()[0]!.toFixed(1)
process.stdout.write(`| measure (${cpus().length} cores, load ${load}) | figure |\n| --- | --- |\n`)
process.stdout.write(`${lines.join('\n')}\n`)
