import { expect } from '@playwright/test'
import { createTopic, keepScreenshot, keepsOldRecords, produce, test } from './application.ts'
import { rows, topRow } from './messages-table.ts'
import { produceBatches } from './produce-batches.ts'

const BIG = '9223372036854775807'

test('a topic opens on its newest records, and shows the oldest on request', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'ordered', 1)
  await produce(application, 'ordered', numbered(500))
  await visit('topics/ordered')
  await expect(rows(page).first()).toContainText('record 499')
  await expect(page.getByText('500 records').first()).toBeVisible()

  await page.getByRole('button', { name: 'newest' }).click()
  await page.getByRole('button', { name: /^oldest/ }).click()
  await expect(rows(page).first()).toContainText('record 0')
  await rows(page).first().click()
  await page.keyboard.press('End')
  await expect(rows(page).last()).toContainText('record 499')
})

test('records are found by offset and by time', async ({ page, visit, application }) => {
  await createTopic(application, 'sought', 1, keepsOldRecords)
  const startMs = Date.UTC(2026, 0, 1)
  const messages = Array.from({ length: 600 }, (_, minute) => ({
    value: `minute ${minute}`,
    timestamp: String(startMs + minute * 60_000),
  }))
  await produce(application, 'sought', messages)
  await visit('topics/sought')
  await expect(rows(page).first()).toContainText('minute 599')

  await page.getByRole('button', { name: 'newest' }).click()
  const offsetForm = page.locator('form', { has: page.getByLabel('Offset', { exact: true }) })
  await offsetForm.getByRole('textbox').fill('250')
  await offsetForm.getByRole('button', { name: 'Go', exact: true }).click()
  await expect.poll(() => topRow(page)).toEqual({ offset: '250', value: 'minute 250' })

  await page.getByRole('button', { name: /^From offset 250/ }).click()
  const timeForm = page.locator('form', { has: page.getByLabel(/^Timestamp/) })
  await timeForm.getByLabel(/^Timestamp/).fill('2026-01-01 07:30')
  await timeForm.getByRole('button', { name: 'Go', exact: true }).click()
  await expect.poll(() => topRow(page)).toEqual({ offset: '450', value: 'minute 450' })
  await keepScreenshot(page, 'messages-by-time')
})

test('one partition of several is shown alone', async ({ page, visit, application }) => {
  await createTopic(application, 'split', 3)
  const messages = Array.from({ length: 15 }, (_, index) => ({
    value: `of ${index % 3}`,
    partition: index % 3,
  }))
  await produce(application, 'split', messages)
  await visit('topics/split')
  await expect(rows(page)).toHaveCount(15)
  await page.getByRole('button', { name: 'all 3 partitions' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '1', exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(rows(page)).toHaveCount(5)
  await expect(rows(page).filter({ hasText: 'of 1' })).toHaveCount(5)
})

test('the record panel shows value, key, headers, metadata and bytes exactly', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'inspected', 1)
  await produce(application, 'inspected', [
    {
      key: 'customer-7',
      value: `{"id":${BIG},"nested":{"tags":["a","b"]},"text":"Grüße 🦊"}`,
      headers: { trace: 'abc-123' },
    },
    { key: null, value: Buffer.from([0x00, 0xff, 0xfe, 0x80]) },
    { key: 'gone', value: null },
  ])
  await visit('topics/inspected')
  await rows(page).filter({ hasText: 'customer-7' }).click()
  const panel = page.getByRole('complementary', { name: 'Record inspected:0:0' })
  await expect(panel.getByRole('treeitem', { name: `id: ${BIG}` })).toBeVisible()
  await keepScreenshot(page, 'record-value')

  await panel.getByRole('radio', { name: 'Text' }).check({ force: true })
  await expect(panel).toContainText('Grüße 🦊')
  await panel.getByRole('radio', { name: 'Bytes' }).check({ force: true })
  await expect(panel.getByRole('region', { name: 'Bytes with offsets' })).toContainText(
    '7b 22 69 64 22 3a',
  )
  await panel.getByRole('tab', { name: 'Key' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('customer-7')
  await panel.getByRole('tab', { name: /^Headers/ }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('trace')
  await expect(panel.getByRole('tabpanel')).toContainText('abc-123')
  await panel.getByRole('tab', { name: 'Metadata' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('CRC-32C')
  await expect(panel.getByRole('tabpanel')).toContainText(/Timestamp.*create/)
  await keepScreenshot(page, 'record-metadata')

  await rows(page).filter({ hasText: 'gone' }).click()
  const tombstone = page.getByRole('complementary', { name: 'Record inspected:0:2' })
  await tombstone.getByRole('tab', { name: 'Value' }).click()
  await expect(tombstone).toContainText(/null|tombstone/)
  await tombstone.getByRole('button', { name: 'Close the record' }).click()
  await expect(tombstone).toBeHidden()
})

test('the panel follows the arrow keys', async ({ page, visit, application }) => {
  await createTopic(application, 'walked', 1)
  await produce(application, 'walked', numbered(20))
  await visit('topics/walked')
  await rows(page).first().click()
  await expect(page.getByRole('complementary', { name: 'Record walked:0:19' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('complementary', { name: 'Record walked:0:17' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary', { name: /^Record/ })).toHaveCount(0)
})

test('new records appear live, wait while it is paused, and come on resuming', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'tailed', 1)
  await produce(application, 'tailed', [{ value: 'before' }])
  await visit('topics/tailed')
  await expect(rows(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Live' }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await produce(application, 'tailed', [{ value: 'during' }])
  await expect(rows(page).first()).toContainText('during')

  await page.getByRole('button', { name: 'Pause' }).click()
  await produce(application, 'tailed', [{ value: 'held 1' }, { value: 'held 2' }])
  await expect(page.getByText('2 new').first()).toBeVisible()
  await expect(rows(page).filter({ hasText: 'held' })).toHaveCount(0)
  await keepScreenshot(page, 'live-paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(rows(page).first()).toContainText('held 2')
  await expect(rows(page)).toHaveCount(4)
})

test('every one of a million and a half rows can be reached', async ({
  page,
  visit,
  application,
}) => {
  // At 28 pixels a row these are more than the 33,554,432 that Chromium lets an element have.
  await createTopic(application, 'long', 1)
  await produceBatches(application.bootstrap, 'long', 150)
  await visit('topics/long')
  await expect(page.getByText('1,500,000 records').first()).toBeVisible()
  await expect.poll(() => topRow(page)).toMatchObject({ offset: '1499999' })
  expect(await rows(page).count()).toBeLessThan(120)
  await rows(page).first().click()
  await page.keyboard.press('End')
  await expect(rows(page).last().getByRole('cell').nth(1)).toHaveText('0')
  await page.keyboard.press('Home')
  await expect.poll(() => topRow(page)).toMatchObject({ offset: '1499999' })
})

test('an empty topic says how to write to it', async ({ page, visit, application }) => {
  await createTopic(application, 'nothing-yet', 1)
  await visit('topics/nothing-yet')
  const [first = ''] = application.bootstrap.split(',')
  await expect(
    page.getByText(new RegExp(`kcat -b .*${first.split(':')[1]}.* -t nothing-yet`)),
  ).toBeVisible()
  await keepScreenshot(page, 'messages-empty')
})

function numbered(count: number) {
  return Array.from({ length: count }, (_, index) => ({ value: `record ${index}` }))
}
