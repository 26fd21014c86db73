/** A page in both colours and in both sizes, kept for a person to look at; and axe over it. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { keepScreenshot, keepsPictures } from './application.ts'

const looks = [
  { colorScheme: 'dark', size: { width: 1920, height: 1080 } },
  { colorScheme: 'light', size: { width: 1280, height: 800 } },
] as const

/** Each colour and each size once: all four of them take twice the time, and show little more. */
export async function keepLooks(page: Page, name: string): Promise<void> {
  if (!keepsPictures) return
  for (const { colorScheme, size } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    // A frame for what is measured after a change of size.
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(resolve)))
    await keepScreenshot(page, `${name}-${colorScheme}-${size.width}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

interface Judged {
  /** A selector; the open dialog, or else the page's own part, when not given; null for all of it. */
  readonly part?: string | null
  /** Rules beside those of WCAG A and AA too: what axe holds to be good practice. */
  readonly practices?: boolean
}

/** What else is drawn by colours than by the page's structure, which is the same in both of them. */
const RULES_OF_COLOURS = ['color-contrast', 'link-in-text-block']

/**
 * What axe finds, in both colours: nothing. An open dialog is judged alone, since what lies below its
 * veil is not to be read. In dark the rules of colours are asked for, all of them in light.
 */
export async function expectAccessible(
  page: Page,
  { part, practices = false }: Judged = {},
): Promise<void> {
  const dialog = '[role=dialog]'
  const open = part === undefined && (await page.locator(dialog).count()) > 0
  const judged = part === undefined ? (open ? dialog : 'main') : part
  for (const colorScheme of ['light', 'dark'] as const) {
    // Colours fade when they change, and half way there nothing can be told of them.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // The page has no frames: its other mode opens a page for each answer to put them together.
    const axe = new AxeBuilder({ page }).setLegacyMode()
    if (judged !== null) axe.include(judged)
    if (colorScheme === 'dark') axe.withRules(RULES_OF_COLOURS)
    else if (!practices) axe.withTags(['wcag2a', 'wcag2aa'])
    const { violations } = await axe.analyze()
    const found = violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    }))
    expect(found, `${page.url()} in ${colorScheme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
}
