import { expect } from '@playwright/test'
import { createTopic, keepScreenshot, produce, test } from './application.ts'

test('a group shows its members and its lag, and the lag follows live', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'bills', 3)
  await produce(application, 'bills', spread(30))
  const consumer = application.kafka.consumer({ groupId: 'accounting' })
  await consumer.connect()
  await consumer.subscribe({ topic: 'bills', fromBeginning: true })
  await consumer.run({ eachMessage: async () => {} })

  await visit('groups')
  const row = page.getByRole('row', { name: /^accounting/ })
  await expect(row).toContainText('Stable')
  await row.getByRole('link', { name: 'accounting' }).click()
  await expect(page.getByRole('heading', { name: /^accounting/ })).toBeVisible()
  const partitions = page.getByRole('table', { name: 'Partitions' })
  for (const partition of [0, 1, 2]) {
    const line = partitions.getByRole('row', { name: new RegExp(`bills ·${partition}`) })
    await expect(line.getByRole('cell').nth(3)).toHaveText('10')
    await expect(line.getByRole('cell').nth(2)).toHaveText('0')
  }
  await page.getByRole('tab', { name: /^Members/ }).click()
  await expect(page.getByText('page-tests').first()).toBeVisible()
  await page.getByRole('tab', { name: /^Partitions/ }).click()

  consumer.pause([{ topic: 'bills' }])
  await produce(application, 'bills', spread(12))
  await expect(page.getByRole('main')).toContainText(/Lag\s*12/)
  await keepScreenshot(page, 'group-lag')
  consumer.resume([{ topic: 'bills' }])
  await expect(page.getByRole('main')).toContainText(/Lag\s*0/)

  await consumer.disconnect()
  await expect(page.getByRole('main')).toContainText('Empty')
})

test('groups are filtered by name', async ({ page, visit, application }) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await createTopic(application, 'filtered', 1)
  for (const groupId of ['filter-a', 'filter-b'])
    await admin.setOffsets({
      groupId,
      topic: 'filtered',
      partitions: [{ partition: 0, offset: '0' }],
    })
  await admin.disconnect()
  await visit('groups')
  await page.getByPlaceholder('Filter by group, or /regex/').fill('filter-b')
  await expect(page.getByRole('link', { name: 'filter-b' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'filter-a' })).toHaveCount(0)
  await keepScreenshot(page, 'groups')
})

test('a topic names the groups that read it', async ({ page, visit, application }) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await createTopic(application, 'read-by', 1)
  const partitions = [{ partition: 0, offset: '0' }]
  await admin.setOffsets({ groupId: 'the-reader', topic: 'read-by', partitions })
  await admin.disconnect()
  await visit('topics/read-by/groups')
  await expect(page.getByRole('link', { name: 'the-reader' })).toBeVisible()
})

function spread(count: number) {
  return Array.from({ length: count }, (_, index) => ({ value: 'bill', partition: index % 3 }))
}
