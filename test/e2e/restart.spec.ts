/** What the application keeps for its users outlives it, and is the same in every window. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { commitOffsets, createTopic, keepScreenshot, produce, startWeb } from './application.ts'

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-restart-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('an offset reset is undone, and a template loaded, after a restart', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000)
  const options = ['--data', folder, '--no-sample', '--brokers', '1']
  const before = await startWeb(...options)
  const records = Array.from({ length: 10 }, (_, n) => ({ value: String(n) }))
  await createTopic(before, 'kept', 1)
  await produce(before, 'kept', records)
  const partitions = [{ partition: 0, offset: '7' }]
  await commitOffsets(before, { groupId: 'kept readers', topic: 'kept', partitions })

  await page.goto(`${before.url}#/local/groups/kept readers/offsets?s=earliest`)
  await page.getByRole('button', { name: 'Reset 1 offset' }).click()
  await expect(page.getByText('1 offset changed, and read back as asked.')).toBeVisible()
  await page.goto(`${before.url}#/local/topics/kept?produce=new`)
  await page.getByLabel('Value', { exact: true }).fill('{"n": {{counter 5}}}')
  await openTemplates(page)
  await page.getByLabel('Name of this template').fill('From five')
  await page.getByRole('button', { name: 'Save', exact: true }).click()

  // Another browser, while both are open: it has no storage in common with the first.
  const other = await (await browser.newContext()).newPage()
  await other.goto(`${before.url}#/local/topics/kept?produce=new`)
  await openTemplates(other)
  await expect(other.getByRole('menuitem', { name: 'From five', exact: true })).toBeVisible()
  await keepScreenshot(other, 'templates-other-browser')
  await other.context().close()
  expect(await before.stop()).toBe(0)

  const after = await startWeb(...options)
  await page.goto(`${after.url}#/local/groups/kept readers/offsets`)
  await page.getByRole('radio', { name: 'A kept snapshot' }).check()
  await page
    .getByRole('button', { name: /before/ })
    .first()
    .click()
  await keepScreenshot(page, 'undo-after-restart')
  await page.getByRole('button', { name: 'Restore 1 offset' }).click()
  await expect(page.getByText('1 offset changed, and read back as asked.')).toBeVisible()
  const again = after.kafka.admin()
  await again.connect()
  const [found] = await again.fetchOffsets({ groupId: 'kept readers', topics: ['kept'] })
  await again.disconnect()
  expect(found?.partitions).toMatchObject([{ partition: 0, offset: '7' }])

  await page.goto(`${after.url}#/local/topics/kept?produce=new`)
  await openTemplates(page)
  await page.getByRole('menuitem', { name: 'From five', exact: true }).click()
  await expect(page.getByLabel('Value', { exact: true })).toHaveValue('{"n": {{counter 5}}}')
  expect(await after.stop()).toBe(0)
})

async function openTemplates(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Templates' }).click()
}
