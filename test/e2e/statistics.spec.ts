import { readFileSync } from 'node:fs'
import { expect, type Locator } from '@playwright/test'
import { createTopic, keepsOldRecords, produce, test } from './application.ts'
import { expectAccessible, keepLooks } from './look.ts'

const RECORDS = 1_200

// The pictures of each step take their time where others work on the same cores.
test.describe.configure({ timeout: 120_000 })

test('a topic is read once as a job, and what it is made of is shown and exported', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'counted', 4, keepsOldRecords)
  const baseMs = Date.UTC(2026, 10, 20)
  const messages = Array.from({ length: RECORDS }, (_, index) => ({
    // Partition 0 gets half of all; every tenth record is a tombstone, every fourth has no key.
    partition: index % 2 === 0 ? 0 : 1 + (index % 3),
    key: index % 4 === 0 ? null : `customer-${index % 50}`,
    value: index % 10 === 0 ? null : 'v'.repeat(10 + (index % 200)),
    timestamp: String(baseMs + (index % 24) * 3_600_000),
  }))
  await produce(application, 'counted', messages)
  await visit('topics/counted/statistics')
  await expect(page.getByText('Nobody has counted this topic yet.')).toBeVisible()
  await keepLooks(page, 'statistics-none')
  await page.getByRole('button', { name: 'Read the whole topic' }).click()
  await expect(page.getByText('Complete')).toBeVisible()

  const main = page.getByRole('main')
  await expect(figure(main, 'Records')).toHaveText('1,200')
  await expect(figure(main, 'Null keys')).toHaveText('300 25 %')
  await expect(figure(main, 'Null values')).toHaveText('120 10 %')
  await expect(figure(main, 'Skew')).toContainText('2 × the mean in 0')
  await expect(figure(main, 'First record')).toContainText('2026-11-20 00:00:00.000')
  const sizes = main.getByRole('row', { name: /^Value/ })
  await expect(sizes.getByRole('cell').first()).toHaveText('11 B')
  await expect(page.getByText('Keys with the most records').first()).toBeVisible()
  await expect(main.getByRole('img', { name: /Records by hour from/ })).toBeVisible()
  const partitions = page.getByRole('table', { name: 'Statistics of the partitions of counted' })
  await expect(partitions.getByRole('row').nth(1).getByRole('cell').nth(1)).toHaveText('600')
  await keepLooks(page, 'statistics')
  await expectAccessible(page)

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as JSON' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('counted.statistics.json')
  const exported = JSON.parse(readFileSync(await file.path(), 'utf8'))
  expect(exported).toMatchObject({ topic: 'counted', total: { records: RECORDS, nullKeys: 300 } })

  // The last result is kept, with its time, for whoever comes back.
  await visit('topics/counted')
  await visit('topics/counted/statistics')
  await expect(figure(main, 'Records')).toHaveText('1,200')
})

test('a topic without records is counted too', async ({ page, visit, application }) => {
  await createTopic(application, 'hollow', 2)
  await visit('topics/hollow/statistics')
  await page.getByRole('button', { name: 'Read the whole topic' }).click()
  await expect(page.getByText('Complete')).toBeVisible()
  await expect(page.getByText('No record has a key.').first()).toBeVisible()
  await keepLooks(page, 'statistics-empty')
})

function figure(main: Locator, term: string) {
  return main
    .locator('.statistics-totals div')
    .filter({ has: main.page().getByText(term, { exact: true }) })
    .locator('dd')
}
