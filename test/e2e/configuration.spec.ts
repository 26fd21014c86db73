import { expect } from '@playwright/test'
import kafkajs from 'kafkajs'
import { createTopic, test, type RunningApplication } from './application.ts'
import { expectAccessible, keepLooks } from './look.ts'

// The pictures of each step take their time where others work on the same cores.
test.describe.configure({ timeout: 120_000 })

test('configurations are changed: prepared, reviewed, made, read back, undone', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'tuned', 2)
  await visit('topics/tuned/configuration?config=retention.ms')
  const value = page.locator('#configuration-value')
  await value.fill('2 h')
  await expect(page.getByText('7,200,000 ms')).toBeVisible()
  await page.getByRole('cell', { name: 'cleanup.policy', exact: true }).click()
  await page.getByLabel('compact').check()
  await expect(page.getByText(/refuses records without a key/)).toBeVisible()
  await expect(page.getByText('2 changes prepared, not made yet')).toBeVisible()
  await keepLooks(page, 'configuration-prepared')
  await expectAccessible(page)
  expect(await stored(application, 'tuned')).toEqual({})

  await page.getByRole('button', { name: 'Review 2 changes' }).click()
  const review = page.getByRole('dialog', { name: 'Change the configuration of tuned' })
  await expect(review.getByRole('row', { name: /retention.ms/ })).toContainText(/7 d.*2 h/)
  await expect(review).toContainText(
    "--add-config 'retention.ms=7200000,cleanup.policy=[delete,compact]'",
  )
  await keepLooks(page, 'configuration-review')
  await expectAccessible(page)
  await review.getByRole('button', { name: 'Apply 2 changes' }).click()
  await expect(review.getByLabel('As it was asked for')).toHaveCount(2)
  await keepLooks(page, 'configuration-applied')
  expect(await stored(application, 'tuned')).toEqual({
    'retention.ms': '7200000',
    'cleanup.policy': 'delete,compact',
  })
  await review.getByRole('button', { name: 'Undo 2 changes' }).click()
  await expect(review).toContainText('The changes are taken back')
  expect(await stored(application, 'tuned')).toEqual({})
  await review.getByRole('button', { name: 'Close' }).last().click()
  // Left is min.insync.replicas, which a cluster with eligible leader replicas sets for all topics.
  await expect(page.getByText('33 configurations · 1 set')).toBeVisible()
})

test('what the brokers refuse is said at the field, and cannot be applied', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'refused', 1)
  await visit('topics/refused/configuration?config=segment.bytes')
  await page.locator('#configuration-value').fill('100')
  await expect(page.getByRole('alert')).toContainText('must be at least 1048576')
  await expect(page.locator('#configuration-value')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByRole('button', { name: 'Review 1 change' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await keepLooks(page, 'configuration-refused')
  await page.getByRole('button', { name: 'Leave as it is' }).click()
  await expect(page.getByText('prepared, not made yet')).toHaveCount(0)
})

test('what is set can be shown alone, and is reset to what it inherits', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await admin.createTopics({
    topics: [
      {
        topic: 'set-before',
        numPartitions: 1,
        configEntries: [{ name: 'max.message.bytes', value: '5000' }],
      },
    ],
  })
  await admin.disconnect()
  await visit('topics/set-before/configuration')
  await page.getByRole('checkbox', { name: 'Only what is set' }).check()
  const table = page.getByRole('table', { name: 'Configurations' })
  // The other one is set for the whole cluster.
  await expect(table.getByRole('row')).toHaveCount(3)
  await expect(table.getByRole('cell', { name: 'min.insync.replicas' })).toBeVisible()
  await table.getByRole('cell', { name: 'max.message.bytes' }).click()
  await expect(page.getByText('Where it is set, the first one counts')).toBeVisible()
  await page.getByRole('button', { name: 'Reset to 1,048,588 bytes' }).click()
  await page.getByRole('button', { name: 'Review 1 change' }).click()
  const review = page.getByRole('dialog')
  await expect(review).toContainText('--delete-config max.message.bytes')
  await review.getByRole('button', { name: 'Apply 1 change' }).click()
  await expect(review.getByLabel('As it was asked for')).toBeVisible()
  expect(await stored(application, 'set-before')).toEqual({})
})

/** What is set on the topic itself, as another client is told. */
async function stored(
  { kafka }: RunningApplication,
  topic: string,
): Promise<Record<string, string>> {
  const admin = kafka.admin()
  await admin.connect()
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: topic }],
  })
  await admin.disconnect()
  return Object.fromEntries(
    resources[0]!.configEntries
      .filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
      .map(({ configName, configValue }) => [configName, configValue]),
  )
}
