/** The first start: a sample shop keeps every page alive, until it is stopped and removed. */
import { expect, test } from '@playwright/test'
import { keepScreenshot, startWeb, type RunningApplication } from './application.ts'

test.describe.configure({ mode: 'serial' })

let application: RunningApplication & { stop(): Promise<number | null> }

test.beforeAll(async () => {
  application = await startWeb('--ephemeral')
})

test.afterAll(async () => {
  await application.stop()
})

test('a first start has topics, records and groups to look at', async ({ page }) => {
  await page.goto(application.url)
  await expect(page.getByText('A sample shop runs on this cluster')).toBeVisible({
    timeout: 30_000,
  })
  const status = page.getByRole('contentinfo', { name: 'Status' })
  await expect(status).toContainText(/in [1-9][\d,.]*\/s/)
  await expect(status).toContainText(/out [1-9][\d,.]*\/s/)
  await keepScreenshot(page, 'sample-overview')

  await page.getByRole('link', { name: /^Consumer groups/ }).click()
  const groups = page.getByRole('table', { name: 'Consumer groups' })
  await expect(groups.getByText('Stable')).toHaveCount(2)
  await keepScreenshot(page, 'sample-groups')
})

test('the banner stops the sample shop and removes it', async ({ page }) => {
  await page.goto(application.url)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('The sample shop is stopped.')).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Remove…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('sample')
  await dialog.getByRole('button', { name: /^Remove \d/ }).click()
  await expect(page.getByText(/sample shop/)).toHaveCount(0, { timeout: 20_000 })
  await page.getByRole('link', { name: /^Topics/ }).click()
  await expect(page.getByText(/^0 topics|no topics/i).first()).toBeVisible()
})
