/** A page in both colours and in both sizes, kept for a person to look at; and axe over it. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { keepScreenshot } from './application.ts'

const looks = [
  { colorScheme: 'dark', size: { width: 1920, height: 1080 } },
  { colorScheme: 'light', size: { width: 1280, height: 800 } },
] as const

/** Each colour and each size once: all four of them take twice the time, and show little more. */
export async function keepLooks(page: Page, name: string): Promise<void> {
  for (const { colorScheme, size } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    // A frame for what is measured after a change of size.
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(resolve)))
    await keepScreenshot(page, `${name}-${colorScheme}-${size.width}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/**
 * What axe finds against WCAG A and AA, in both colours: nothing. An open dialog is judged alone,
 * since what lies below its veil is not to be read.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const dialog = '[role=dialog]'
  const part = (await page.locator(dialog).count()) > 0 ? dialog : 'main'
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page })
      .include(part)
      .withTags(['wcag2a', 'wcag2aa'])
      .analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html)[0]}`)
    expect(found, colorScheme).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
