import { expect } from '@playwright/test'
import { createTopic, keepScreenshot, produce, test } from './application.ts'

test('topics are listed with their figures, sorted and filtered', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'list-small', 1)
  await createTopic(application, 'list-large', 6)
  const messages = Array.from({ length: 40 }, (_, index) => ({ value: `record ${index}` }))
  await produce(application, 'list-large', messages)
  await visit('topics')

  // Other tests' topics may fill the screen, and rows below it are not drawn.
  await page.getByPlaceholder('Filter by name, or /regex/').fill('list-')
  const table = page.getByRole('table', { name: 'Topics' })
  const large = table.getByRole('row', { name: /list-large/ })
  await expect(large.getByRole('cell').nth(2)).toHaveText('6')
  await expect(large.getByRole('cell').nth(5)).toHaveText('40')
  await expect(table.getByRole('link')).toHaveText(['list-large', 'list-small'])
  await table.getByRole('button', { name: 'Partitions' }).click()
  const first = table.getByRole('link').first()
  const before = await first.textContent()
  await table.getByRole('button', { name: 'Partitions' }).click()
  await expect(first).not.toHaveText(before ?? '')
  await keepScreenshot(page, 'topics')

  await page.getByPlaceholder('Filter by name, or /regex/').fill('/^list-s/')
  await expect(table.getByRole('link')).toHaveText(['list-small'])
})

test('internal topics are hidden until a switch shows them', async ({
  page,
  visit,
  application,
}) => {
  const consumer = application.kafka.consumer({
    groupId: 'makes-offsets-exist',
    maxWaitTimeInMs: 100,
  })
  await createTopic(application, 'internal-check', 1)
  await consumer.connect()
  await consumer.subscribe({ topic: 'internal-check' })
  await consumer.run({ eachMessage: async () => {} })
  await visit('topics')
  const internal = page.getByRole('link', { name: '__consumer_offsets' })
  await expect(page.getByText(/Internal \([1-9]/).first()).toBeVisible()
  await expect(internal).toHaveCount(0)
  await page.getByRole('checkbox', { name: /^Internal/ }).click()
  await expect(internal).toBeVisible()
  await consumer.disconnect()
})

test('a topic is created with partitions and configurations in units', async ({
  page,
  visit,
  application,
}) => {
  await visit('topics')
  await page.getByRole('button', { name: 'Create topic' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create topic' })
  await dialog.getByLabel(/^Name/).fill('made by hand')
  await expect(dialog.getByRole('button', { name: 'Create topic' })).toBeDisabled()
  await dialog.getByLabel(/^Name/).fill('made-by-hand')
  await dialog.getByLabel(/^Partitions/).fill('4')
  await dialog.getByRole('textbox', { name: 'retention.ms', exact: true }).fill('36 h')
  await expect(dialog).toContainText('129,600,000 ms')
  await keepScreenshot(page, 'create-topic')
  await dialog.getByRole('button', { name: 'Create topic' }).click()
  await expect(dialog).toBeHidden()

  const admin = application.kafka.admin()
  await admin.connect()
  const [topic] = (await admin.fetchTopicMetadata({ topics: ['made-by-hand'] })).topics
  expect(topic?.partitions).toHaveLength(4)
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: 'made-by-hand', configNames: ['retention.ms'] }],
  })
  expect(resources[0]?.configEntries[0]?.configValue).toBe(String(36 * 3_600_000))
  await admin.disconnect()
})

test('a name that is taken is refused with its reason', async ({ page, visit, application }) => {
  await createTopic(application, 'taken-name', 1)
  await visit('topics')
  await page.getByRole('button', { name: 'Create topic' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create topic' })
  await dialog.getByLabel(/^Name/).fill('taken-name')
  const create = dialog.getByRole('button', { name: 'Create topic' })
  if (await create.isEnabled()) await create.click()
  await expect(dialog).toContainText(/exists|taken/i)
})

test('a topic is deleted once its name is typed', async ({ page, visit, application }) => {
  await createTopic(application, 'to-be-deleted', 1)
  await produce(application, 'to-be-deleted', [{ value: 'one' }, { value: 'two' }])
  await visit('topics')
  await page.getByPlaceholder('Filter by name, or /regex/').fill('to-be-deleted')
  const row = page.getByRole('row', { name: /to-be-deleted/ })
  await row.getByRole('cell').first().click()
  await page.getByRole('button', { name: 'Delete 1 topic' }).click()

  const dialog = page.getByRole('dialog', { name: 'Delete topic' })
  await expect(dialog).toContainText('2 records')
  const act = dialog.getByRole('button', { name: 'Delete 1 topic' })
  await expect(act).toBeDisabled()
  await dialog.getByRole('textbox').fill('to-be-delete')
  await expect(act).toBeDisabled()
  await dialog.getByRole('textbox').fill('to-be-deleted')
  await keepScreenshot(page, 'delete-topic')
  await act.click()
  await expect(row).toHaveCount(0)

  const admin = application.kafka.admin()
  await admin.connect()
  await expect.poll(() => admin.listTopics()).not.toContain('to-be-deleted')
  await admin.disconnect()
})

test('partitions show their leader, their offsets and their size', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'parted', 3)
  const messages = Array.from({ length: 9 }, (_, index) => ({ value: 'x', partition: index % 2 }))
  await produce(application, 'parted', messages)
  await visit('topics/parted/partitions')
  const table = page.getByRole('table', { name: 'Partitions of parted' })
  const ends = ['5', '4', '0']
  for (const [partition, end] of ends.entries()) {
    const row = table.getByRole('row').nth(partition + 1)
    await expect(row.getByRole('cell').first()).toHaveText(String(partition))
    await expect(row.getByRole('cell', { name: end, exact: true }).first()).toBeVisible()
  }
  await keepScreenshot(page, 'partitions')
})

test('a thousand topics are listed, and only the visible rows are drawn', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  const names = Array.from(
    { length: 1_000 },
    (_, index) => `many-${String(index).padStart(4, '0')}`,
  )
  await admin.createTopics({
    topics: names.map(topic => ({ topic, numPartitions: 1 })),
    timeout: 30_000,
  })
  await admin.disconnect()
  await visit('topics')
  await page.getByPlaceholder('Filter by name, or /regex/').fill('many-')
  await expect(page.getByText(/1,000 of [\d,]+ topics|1,000 topics/).first()).toBeVisible()
  const table = page.getByRole('table', { name: 'Topics' })
  await expect(table.getByRole('link', { name: 'many-0000' })).toBeVisible()
  expect(await table.getByRole('row').count()).toBeLessThan(120)
  await table.press('End')
  await expect(table.getByRole('link', { name: 'many-0999' })).toBeVisible()
})

test('a topic that is deleted while it is looked at says so, and so does another of its name', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await createTopic(application, 'fleeting', 2)
  for (const tab of ['', '/statistics']) {
    await visit(`topics/fleeting${tab}`)
    await expect(page.getByText('2 partitions · 0 records')).toBeVisible()
    await admin.deleteTopics({ topics: ['fleeting'] })
    await expect(page.getByText('This topic does not exist any more.')).toBeVisible()
    await createTopic(application, 'fleeting', 2)
    await expect(page.getByText('deleted and created anew under its name')).toBeVisible()
    await keepScreenshot(page, `topic-anew${tab.replace('/', '-')}`)
    await page.getByRole('button', { name: 'Show the new one' }).click()
    await expect(page.getByText('deleted and created anew under its name')).toBeHidden()
  }
  await admin.disconnect()
})
