import { expect } from '@playwright/test'
import { createTopic, keepScreenshot, produce, test } from './application.ts'

test('a request is seen as it comes, opened field by field, and its bytes marked', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'wired', 1)
  await visit('wire')
  // What an earlier look has left is still there for some minutes.
  await page.getByRole('button', { name: 'Clear the list' }).click()
  await expect(page.getByText('No request has come since')).toBeVisible()
  await produce(application, 'wired', [{ key: 'k', value: 'seen on the wire' }])

  const row = page.getByRole('row').filter({ hasText: 'Produce' }).first()
  await expect(row).toContainText('page-tests')
  await row.click()
  const panel = page.getByRole('complementary', { name: 'Request' })
  await expect(panel.getByRole('tab', { name: /Request/ })).toHaveAttribute('aria-selected', 'true')
  await expect(panel.getByRole('row').filter({ hasText: 'clientId' })).toContainText('page-tests')
  await panel.getByRole('row').filter({ hasText: 'correlationId' }).click()
  await expect(panel.getByText('correlationId: 4 bytes from 4')).toBeVisible()
  await expect(panel.locator('mark').first()).toBeVisible()
  await keepScreenshot(page, 'wire-request')

  await panel.getByRole('tab', { name: /Response/ }).click()
  await expect(panel.getByRole('row').filter({ hasText: 'errorCode' })).toContainText('NONE')
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
})

test('the log is filtered by API and by failure, and the address keeps it', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await visit('wire?failed=1')
  await expect(page.getByText('No request fits the filter yet.')).toBeVisible()
  await admin.deleteTopics({ topics: ['there-is-none'] }).catch(() => {})
  const failed = page.getByRole('row').filter({ hasText: 'DeleteTopics' })
  await expect(failed.first()).toContainText('UNKNOWN_TOPIC_OR_PARTITION')
  await keepScreenshot(page, 'wire-failed')

  await page.getByRole('button', { name: 'All APIs' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Metadata' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/failed=1/)
  await expect(page).toHaveURL(/apis=3/)
  await expect(failed).toHaveCount(0)
  await admin.disconnect()
})

test('a connection leads to its requests', async ({ page, visit, application }) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await admin.listTopics()
  await visit('brokers/1')
  const tabs = page.getByRole('tab')
  await expect(tabs.filter({ hasText: 'Configuration' })).toHaveAttribute('aria-selected', 'true')
  for (const id of [1, 2, 3]) {
    await visit(`brokers/${id}?tab=connections`)
    await expect(page.getByRole('columnheader', { name: 'Requests' })).toBeVisible()
  }
  await keepScreenshot(page, 'broker-connections')
  await visit('brokers/1?tab=connections')
  const mine = page.getByRole('link', { name: 'odradek', exact: true }).first()
  await mine.click()
  await expect(page).toHaveURL(/wire\?q=odradek&own=1/)
  await admin.disconnect()
})
