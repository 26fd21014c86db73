import { expect } from '@playwright/test'
import { createTopic, keepScreenshot, produce, test } from './application.ts'

test('a topic is looked at down to the bytes of one batch', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'on-disk', 2)
  await produce(
    application,
    'on-disk',
    Array.from({ length: 50 }, (_, index) => ({
      key: `k${index}`,
      value: index === 3 ? null : `value ${index} `.repeat(20),
      partition: 1,
    })),
  )
  await visit('topics/on-disk/storage')
  await expect(page.getByRole('row').filter({ hasText: '00000000000000000000' })).toBeVisible()
  await page.getByLabel('Partition').selectOption('1')
  await expect(page).toHaveURL(/p=1/)
  const segment = page.getByRole('row').filter({ hasText: '00000000000000000000' })
  await expect(segment).toContainText('active')
  await expect(segment).toContainText('50')
  await expect(segment).toContainText('in 7 d: retention.ms')
  await segment.click()

  const batches = page.getByRole('table', { name: 'Batches' })
  // A row, too, says that they are being read.
  await expect(batches.getByRole('row')).toHaveCount(2)
  await batches.getByRole('row').filter({ hasText: 'KiB' }).click()
  const panel = page.getByRole('complementary', { name: 'Batch' })
  await expect(panel).toContainText('CRC is right')
  await panel.getByRole('button', { name: /^recordCount/ }).click()
  await expect(panel.getByText('recordCount: 4 bytes from 57')).toBeVisible()
  await keepScreenshot(page, 'storage-batch')

  await panel.getByRole('tab', { name: /Records/ }).click()
  await expect(panel.getByRole('row').filter({ hasText: 'null' })).toHaveCount(1)
  await panel.getByRole('link', { name: '7', exact: true }).click()
  await expect(page).toHaveURL(/topics\/on-disk\?p=1.*at=1:7/)
})

test('indexes and snapshot open beside the batches', async ({ page, visit, application }) => {
  await createTopic(application, 'indexed', 1)
  await produce(application, 'indexed', [{ value: 'one' }])
  await visit('topics/indexed/storage?segment=0')
  await page.getByRole('tab', { name: 'Offset index' }).click()
  await expect(page).toHaveURL(/tab=offsets/)
  await expect(page.getByText('The index has no entries on disk yet.')).toBeVisible()
  await page.getByRole('tab', { name: 'Producer snapshot' }).click()
  await expect(page.getByText('No snapshot of producers stands at this segment')).toBeVisible()
  await keepScreenshot(page, 'storage-empty-index')
  await visit('topics/indexed/storage?segment=4711')
  await expect(page.getByText('The segment at 4711 is gone')).toBeVisible()
})
