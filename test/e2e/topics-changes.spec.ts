import { expect, type Page } from '@playwright/test'
import type { Admin } from 'kafkajs'
import {
  commitOffsets,
  createTopic,
  produce,
  test,
  type RunningApplication,
} from './application.ts'
import { expectAccessible, keepLooks } from './look.ts'

const LONG_NAME = 'a-very-long-name.'.repeat(15).slice(0, 249)

// The pictures of each step take their time where others work on the same cores.
test.describe.configure({ timeout: 120_000 })

test('a topic is purged up to an offset, up to a time, and of everything, as previewed', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'purged', 3)
  await produce(application, 'purged', spread(30, 3))
  await visit('topics/purged/partitions')
  await act(page, 'Purge records')
  const dialog = page.getByRole('dialog', { name: 'Purge records of purged' })
  await expect(dialog).toContainText('30 records go')
  await dialog.getByLabel('Those before an offset').check()
  await dialog.getByLabel('First offset that stays').fill('4')
  await dialog.getByLabel('Partitions').fill('0, 2')
  await expect(dialog).toContainText('8 records go')
  await expect(dialog).toContainText('kafka-delete-records.sh')
  await keepLooks(page, 'purge-offset')
  await expectAccessible(page)
  const purge = dialog.getByRole('button', { name: 'Purge 8 records' })
  await expect(purge).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel(/To confirm, type/).fill('purged')
  await purge.click()
  await expect(page.getByText('purged: 8 records are gone.')).toBeVisible()
  expect(await starts(application, 'purged')).toEqual(['4', '0', '4'])

  await act(page, 'Purge records')
  await dialog.getByLabel('Those before a time').check()
  await dialog.getByLabel('Records before this time go').fill('1 h')
  await expect(dialog).toContainText('Nothing would go.')
  await dialog.getByLabel('Records before this time go').fill('nonsense')
  await expect(dialog).toContainText('“nonsense” is no time')
  await dialog.getByLabel('All that are there now').check()
  await dialog.getByLabel(/To confirm, type/).fill('purged')
  await dialog.getByRole('button', { name: 'Purge 22 records' }).click()
  await expect(dialog).toBeHidden()
  expect(await starts(application, 'purged')).toEqual(['10', '10', '10'])
})

test('a topic that is only compacted says why it cannot be purged', async ({
  page,
  visit,
  application,
}) => {
  await createConfigured(application, 'only-compacted', { 'cleanup.policy': 'compact' })
  await produce(application, 'only-compacted', [{ key: 'a', value: '1' }])
  await visit('topics/only-compacted/partitions')
  await act(page, 'Purge records')
  const dialog = page.getByRole('dialog', { name: /Purge records/ })
  await expect(dialog.getByRole('alert')).toContainText('cleanup.policy=compact, without delete')
  await expect(dialog.getByRole('button', { name: 'Purge records' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await keepLooks(page, 'purge-refused')
})

test('a topic is made anew with its settings once its name is typed', async ({
  page,
  visit,
  application,
}) => {
  await createConfigured(application, 'renewed', { 'retention.ms': '7200000' }, 4)
  await produce(application, 'renewed', spread(8, 4))
  await commitOffsets(application, {
    groupId: 'reads-renewed',
    topic: 'renewed',
    partitions: [{ partition: 0, offset: '1' }],
  })
  await visit('topics/renewed/partitions')
  await act(page, 'Recreate')
  const dialog = page.getByRole('dialog', { name: 'Recreate renewed' })
  await expect(dialog).toContainText('8 records')
  await expect(dialog).toContainText('4 partitions, replication factor 1')
  await expect(dialog).toContainText('retention.ms = 7200000')
  await expect(dialog).toContainText('reads-renewed')
  await keepLooks(page, 'recreate')
  await expectAccessible(page)
  await dialog.getByRole('textbox').fill('renewed')
  await dialog.getByRole('button', { name: 'Recreate topic' }).click()
  await expect(page.getByText('renewed is new and empty.')).toBeVisible()
  await expect(page.getByText(/4 partitions · 0 records/)).toBeVisible()
  const admin = application.kafka.admin()
  await admin.connect()
  const [first] = await admin.fetchOffsets({ groupId: 'reads-renewed', topics: ['renewed'] })
  expect(first?.partitions.every(({ offset }) => offset === '-1')).toBe(true)
  await admin.disconnect()
})

test('more partitions say first what they do to keys', async ({ page, visit, application }) => {
  await createTopic(application, 'enlarged', 2)
  const messages = Array.from({ length: 60 }, (_, index) => ({
    key: `customer-${index % 40}`,
    value: 'x',
  }))
  await produce(application, 'enlarged', messages)
  await visit('topics/enlarged/partitions')
  await act(page, 'Add partitions')
  const dialog = page.getByRole('dialog', { name: 'Add partitions to enlarged' })
  await dialog.getByLabel('Partitions afterwards').fill('4')
  await expect(dialog).toContainText('50 % of all keys get another partition')
  await expect(dialog).toContainText(/Of 40 different keys .* \d+ move/)
  await keepLooks(page, 'add-partitions')
  await expectAccessible(page)
  await dialog.getByLabel('Partitions afterwards').fill('2')
  await expect(dialog).toContainText('partitions cannot be taken away')
  await dialog.getByLabel('Partitions afterwards').fill('4')
  await dialog.getByRole('button', { name: 'Add 2 partitions' }).click()
  await expect(page.getByText('enlarged has 4 partitions now.')).toBeVisible()
  await expect(
    page.getByRole('table', { name: 'Partitions of enlarged' }).getByRole('row'),
  ).toHaveCount(5)
})

test('a clone takes partitions and configurations over, and what is refused is said at its field', async ({
  page,
  visit,
  application,
}) => {
  await createConfigured(application, 'cloned', { 'retention.ms': '7200000' }, 3)
  await visit('topics/cloned/partitions')
  await act(page, 'Clone')
  const dialog = page.getByRole('dialog', { name: 'Clone cloned' })
  await dialog.getByLabel(/^Name/).fill('cloned-2')
  await expect(dialog.getByRole('textbox', { name: 'retention.ms' })).toHaveValue('2 h')
  await expect(dialog.getByLabel(/^Partitions/)).toHaveValue('3')
  await dialog.getByRole('button', { name: /^Segments/ }).click()
  const segment = dialog.getByRole('textbox', { name: 'segment.bytes' })
  await segment.fill('10')
  await expect(dialog.getByRole('alert').first()).toContainText('must be at least 1048576')
  await keepLooks(page, 'clone-refused')
  await segment.fill('2 MiB')
  await expect(dialog).toContainText('Small segments')
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Create topic' }).click()
  await expect(page.getByRole('heading', { name: /cloned-2/ })).toBeVisible()
  expect(await partitionCount(application, 'cloned-2')).toBe(3)
})

test('several topics are configured, purged and deleted, each answered for', async ({
  page,
  visit,
  application,
}) => {
  for (const name of ['bulk-a', 'bulk-b']) await createTopic(application, name, 2)
  await createConfigured(application, 'bulk-c', { 'cleanup.policy': 'compact' })
  await produce(application, 'bulk-a', spread(6, 2))
  await produce(application, 'bulk-c', [{ key: 'k', value: 'v' }])
  await visit('topics?q=bulk-')
  const rows = page.getByRole('table', { name: 'Topics' }).getByRole('row', { name: /bulk-/ })
  for (const place of [0, 1, 2]) await rows.nth(place).getByRole('cell').first().click()

  await page.getByRole('button', { name: 'Configure 3 topics' }).click()
  const configure = page.getByRole('dialog', { name: 'Configure 3 topics' })
  await configure.getByLabel('Configuration').selectOption('retention.ms')
  await configure.getByRole('textbox', { name: 'retention.ms' }).fill('soon')
  await expect(configure.getByRole('alert')).toContainText('3 of 3 would be refused')
  await configure.getByRole('textbox', { name: 'retention.ms' }).fill('3 d')
  await expect(configure.getByRole('alert')).toHaveCount(0)
  await keepLooks(page, 'bulk-configure')
  await expectAccessible(page)
  await configure.getByRole('button', { name: 'Configure 3 topics' }).click()
  await expect(configure).toContainText('3 topics are done.')
  await expect(configure.getByText('now 3 d')).toHaveCount(3)
  await configure.getByRole('button', { name: 'Close' }).last().click()

  await page.getByRole('button', { name: 'Purge 3 topics' }).click()
  const purge = page.getByRole('dialog', { name: 'Purge 3 topics' })
  await expect(purge).toContainText('1 of them is only compacted')
  await purge.getByRole('textbox').fill('purge 3 topics')
  await purge.getByRole('button', { name: 'Purge 3 topics' }).click()
  await expect(purge).toContainText('2 topics are done. 1 did not succeed.')
  await expect(purge).toContainText('POLICY_VIOLATION')
  await expect(purge).toContainText('6 records gone')
  await keepLooks(page, 'bulk-purged')
  await purge.getByRole('button', { name: 'Close' }).last().click()

  await page.getByRole('button', { name: 'Delete 3 topics' }).click()
  const remove = page.getByRole('dialog', { name: 'Delete 3 topics' })
  await remove.getByRole('textbox').fill('delete 3 topics')
  await remove.getByRole('button', { name: 'Delete 3 topics' }).click()
  await expect(remove).toContainText('3 topics are done.')
  await remove.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByText('No topic fits the filter.')).toBeVisible()
})

test('hundreds of topics are chosen and deleted at once, share by share', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  const names = Array.from({ length: 250 }, (_, index) => `swarm-${1_000 + index}`)
  await admin.createTopics({ topics: names.map(topic => ({ topic, numPartitions: 1 })) })
  await visit('topics?q=swarm-')
  const first = page.getByRole('row', { name: /swarm-1000/ })
  await first.getByRole('cell').first().click()
  await page.getByRole('button', { name: 'Choose all 250 shown' }).click()
  await page.getByRole('button', { name: 'Delete 250 topics' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete 250 topics' })
  await expect(dialog).toContainText('and 242 more')
  await dialog.getByRole('textbox').fill('delete 250 topics')
  await dialog.getByRole('button', { name: 'Delete 250 topics' }).click()
  await expect(dialog).toContainText('250 topics are done.')
  await keepLooks(page, 'bulk-deleted')
  await expect.poll(() => topicsLike(admin, 'swarm-')).toEqual([])
  await admin.disconnect()
})

test('an act goes on when its page is left, and the list of jobs leads back to it', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  const names = Array.from({ length: 600 }, (_, index) => `leaving-${1_000 + index}`)
  await admin.createTopics({ topics: names.map(topic => ({ topic, numPartitions: 1 })) })
  await visit('topics?q=leaving-')
  await page
    .getByRole('row', { name: /leaving-1000/ })
    .getByRole('cell')
    .first()
    .click()
  await page.getByRole('button', { name: 'Choose all 600 shown' }).click()
  await page.getByRole('button', { name: 'Delete 600 topics' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete 600 topics' })
  await dialog.getByRole('textbox').fill('delete 600 topics')
  await dialog.getByRole('button', { name: 'Delete 600 topics' }).click()
  // Another page, as soon as the application has taken the job: while it runs or just after.
  await expect(dialog.getByRole('textbox')).toBeHidden()
  await visit('brokers')
  // Other tests' jobs may still run: the newest of those that run is the one that is named.
  await page.getByRole('button', { name: /^Jobs:/ }).click()
  const jobs = page.getByRole('region', { name: 'Jobs' })
  const job = jobs.getByRole('listitem').filter({ hasText: 'deletion of leaving-1000' })
  await expect(job).toContainText('600 of 600 topics')
  await expect(job).toContainText('done')
  await keepLooks(page, 'bulk-job')
  await job.getByRole('link').click()
  const result = page.getByRole('dialog', { name: 'Deletion of 600 topics' })
  await expect(result).toContainText('600 topics are done.')
  await expect(result).toContainText('leaving-1000')
  await keepLooks(page, 'bulk-job-results')
  await expectAccessible(page)
  await result.getByRole('button', { name: 'Close' }).last().click()
  await expect(result).toBeHidden()
  await expect.poll(() => topicsLike(admin, 'leaving-')).toEqual([])
  await admin.disconnect()
})

test('partitions name the producers that their leaders remember', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'written', 2)
  const producer = application.kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  await producer.send({ topic: 'written', acks: -1, messages: spread(6, 2) })
  await producer.disconnect()
  await visit('topics/written/partitions')
  await page.getByRole('button', { name: 'Active producers' }).click()
  const table = page.getByRole('table', { name: 'Active producers' })
  await expect(table.getByRole('row')).toHaveCount(3)
  await expect(table.getByRole('row').nth(1)).toContainText('none open')
  await keepLooks(page, 'active-producers')
  await expectAccessible(page)
})

test('a name of 249 characters fits into every place', async ({ page, visit, application }) => {
  await createTopic(application, LONG_NAME, 1)
  await produce(application, LONG_NAME, spread(3, 1))
  await visit('topics?q=a-very-long-name')
  await page
    .getByRole('row', { name: /a-very-long/ })
    .getByRole('cell')
    .first()
    .click()
  await keepLooks(page, 'long-name-list')
  await visit(`topics/${LONG_NAME}/configuration?config=retention.ms`)
  await expect(page.locator('#configuration-value')).toBeVisible()
  await keepLooks(page, 'long-name-configuration')
  await act(page, 'Purge records')
  await expect(page.getByRole('dialog')).toContainText('3 records go')
  await keepLooks(page, 'long-name-purge')
  await page.keyboard.press('Escape')
  await act(page, 'Delete topic')
  await expect(page.getByRole('dialog')).toContainText('3 records')
  await keepLooks(page, 'long-name-delete')
})

test('the list and its bar have no accessibility faults that axe knows of', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'axed', 1)
  await visit('topics?q=axed')
  await page.getByRole('row', { name: /axed/ }).getByRole('cell').first().click()
  await expect(page.getByRole('button', { name: 'Delete 1 topic' })).toBeVisible()
  await expectAccessible(page)
})

async function act(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'What can be done with this topic' }).click()
  await page.getByRole('menuitem', { name }).click()
}

function spread(count: number, partitions: number) {
  return Array.from({ length: count }, (_, index) => ({
    value: `record ${index}`,
    partition: index % partitions,
  }))
}

async function createConfigured(
  { kafka }: RunningApplication,
  topic: string,
  configs: Readonly<Record<string, string>>,
  numPartitions = 1,
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] })
  await admin.disconnect()
}

async function starts({ kafka }: RunningApplication, topic: string): Promise<string[]> {
  const admin = kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return offsets.sort((a, b) => a.partition - b.partition).map(({ low }) => low)
}

async function partitionCount({ kafka }: RunningApplication, topic: string): Promise<number> {
  const admin = kafka.admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  return topics[0]!.partitions.length
}

/** To be polled: the broker that is asked may hear of a change later than the one the page asked. */
async function topicsLike(admin: Admin, prefix: string): Promise<readonly string[]> {
  return (await admin.listTopics()).filter(name => name.startsWith(prefix))
}
