/** A page under a stopwatch: frames while something happens, and the time until something is seen. */
import { chromium, type Browser, type JSHandle, type Page } from '@playwright/test'
import { launchOptions, provideBrowser } from '../e2e/browser.ts'

export interface Frames {
  readonly count: number
  readonly perSecond: number
  /** The longest time without a frame. */
  readonly longestMs: number
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions(await provideBrowser()))
}

export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  return context.newPage()
}

/** Loads the page anew, as from a link; `hash` is the view: `local/topics`. */
export async function visit(page: Page, url: string, hash: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${url}#/${hash}`)
}

/**
 * Counts the page's frames while `act` runs in the page once a frame; its number is handed in. What
 * the page draws between two frames is in the time between them.
 */
export async function countFrames(
  page: Page,
  milliseconds: number,
  act: (frame: number) => void,
): Promise<Frames> {
  const parts = await inPage<{ run(frame: number): void }>(page, { run: act })
  const times = await page.evaluate(
    async ({ milliseconds, parts }) => {
      const seen: number[] = []
      await new Promise<void>(resolve => {
        const onFrame = (atMs: number) => {
          seen.push(atMs)
          if (atMs - seen[0]! >= milliseconds) return resolve()
          parts.run(seen.length)
          requestAnimationFrame(onFrame)
          return undefined
        }
        requestAnimationFrame(onFrame)
      })
      return seen
    },
    { milliseconds, parts },
  )
  const gaps = times.slice(1).map((time, index) => time - times[index]!)
  const spanMs = times.at(-1)! - times[0]!
  return {
    count: gaps.length,
    perSecond: (gaps.length * 1_000) / spanMs,
    longestMs: Math.max(...gaps),
  }
}

/** The milliseconds from calling `act` in the page until `seen` holds there, looked at each frame. */
export async function timeUntil(
  page: Page,
  act: (argument: string) => void,
  seen: (argument: string) => boolean,
  argument = '',
): Promise<number> {
  const parts = await inPage<{ run(argument: string): void; holds(argument: string): boolean }>(
    page,
    { run: act, holds: seen },
  )
  return page.evaluate(
    async ({ parts, argument }) => {
      const startMs = performance.now()
      parts.run(argument)
      while (!parts.holds(argument)) await new Promise(resolve => requestAnimationFrame(resolve))
      return performance.now() - startMs
    },
    { parts, argument },
  )
}

/** Functions do not travel into a page, their text does. */
function inPage<T>(
  page: Page,
  functions: Readonly<Record<string, (argument: never) => unknown>>,
): Promise<JSHandle<T>> {
  const fields = Object.entries(functions).map(([name, each]) => `${name}: ${each.toString()}`)
  return page.evaluateHandle(`({ ${fields.join(', ')} })`) as Promise<JSHandle<T>>
}

/** Starts counting the processor time of the page's main thread; the result stops and tells it. */
export async function watchThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const taskMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1_000
  }
  const before = await taskMs()
  return async () => {
    const after = await taskMs()
    await session.detach()
    return after - before
  }
}
