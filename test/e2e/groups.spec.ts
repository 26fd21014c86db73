import { expect } from '@playwright/test'
import {
  commitOffsets,
  createTopic,
  keepScreenshot,
  produce,
  test,
  type RunningApplication,
} from './application.ts'
import { expectAccessible } from './look.ts'

test('a group shows its members and its lag, and the lag follows live', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'bills', 3)
  await produce(application, 'bills', spread(30))
  const consumer = application.kafka.consumer({ groupId: 'accounting', maxWaitTimeInMs: 100 })
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
    await expect(line.getByRole('cell').nth(6)).toHaveText('10')
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
  await createTopic(application, 'filtered', 1)
  for (const groupId of ['filter-a', 'filter-b'])
    await commitOffsets(application, {
      groupId,
      topic: 'filtered',
      partitions: [{ partition: 0, offset: '0' }],
    })
  await visit('groups')
  await page.getByPlaceholder('Filter by group, or /regex/').fill('filter-b')
  await expect(page.getByRole('link', { name: 'filter-b' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'filter-a' })).toHaveCount(0)
  await keepScreenshot(page, 'groups')
})

test('a topic names the groups that read it', async ({ page, visit, application }) => {
  await createTopic(application, 'read-by', 1)
  const partitions = [{ partition: 0, offset: '0' }]
  await commitOffsets(application, { groupId: 'the-reader', topic: 'read-by', partitions })
  await visit('topics/read-by/groups')
  await expect(page.getByRole('link', { name: 'the-reader' })).toBeVisible()
})

test('states are a filter that the address keeps', async ({ page, visit, application }) => {
  await createTopic(application, 'by-state', 1)
  const partitions = [{ partition: 0, offset: '0' }]
  await commitOffsets(application, { groupId: 'state-empty', topic: 'by-state', partitions })
  const consumer = await join(application, 'state-stable', 'by-state')
  await visit('groups')
  await page.getByRole('button', { name: /^.*Stable \d/ }).click()
  await expect(page.getByRole('link', { name: 'state-stable' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'state-empty' })).toHaveCount(0)
  expect(page.url()).toContain('state=Stable')
  await page.reload()
  await expect(page.getByRole('link', { name: 'state-stable' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'state-empty' })).toHaveCount(0)
  await keepScreenshot(page, 'groups-by-state')
  await consumer.disconnect()
})

test('rebalances are told as they happened', async ({ page, visit, application }) => {
  await createTopic(application, 'moving', 4)
  const first = await join(application, 'movers', 'moving')
  const second = await join(application, 'movers', 'moving')
  await visit('groups/movers?tab=rebalances')
  const table = page.getByRole('table', { name: 'Rebalances' })
  await expect(table.getByText('2 of 4')).toBeVisible()
  await expect(table.getByText('4 of 4')).toBeVisible()
  await table.getByRole('row', { name: /2 of 4/ }).click()
  await expect(page.getByText('asked for it (SyncGroup)')).toBeVisible()
  expect(page.url()).toMatch(/rebalance=\d+/)
  await keepScreenshot(page, 'group-rebalances')
  // Live: the page hears of the next one without being asked.
  await second.disconnect()
  await expect(table.getByText(/page-tests .* left$/)).toBeVisible()
  await page.getByRole('tab', { name: /^Members/ }).click()
  await expect(page.getByText('moving 0, 1, 2, 3')).toBeVisible()
  await expect(page.getByText(/^\+2/)).toBeVisible()
  await keepScreenshot(page, 'group-members')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('tab', { name: /^Rebalances/ }).click()
  await expect(table.getByText('2 of 4').first()).toBeVisible()
  await keepScreenshot(page, 'group-rebalances-dark')
  await first.disconnect()
})

test('the lag is drawn over time, and an empty group is explained', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'backlog', 2)
  await produce(application, 'backlog', spread(40, 2))
  const at = (offset: string) => [0, 1].map(partition => ({ partition, offset }))
  await commitOffsets(application, { groupId: 'nightly', topic: 'backlog', partitions: at('0') })
  await visit('groups/nightly')
  await expect(
    page.getByText(/Nobody reads with this group now, and 40 records wait/),
  ).toBeVisible()
  await expect(page.getByText(/Its offsets are deleted in [67] d/)).toBeVisible()
  await keepScreenshot(page, 'group-empty')
  await page.getByRole('tab', { name: 'Lag history' }).click()
  await expect(page.getByText('now 40, at most 40')).toBeVisible()
  await commitOffsets(application, { groupId: 'nightly', topic: 'backlog', partitions: at('15') })
  await expect(page.getByText('now 10, at most 40')).toBeVisible({ timeout: 20_000 })
  await keepScreenshot(page, 'group-history')
  await page.getByRole('radio', { name: 'Time' }).click()
  await page.getByRole('radio', { name: '7 d' }).click()
  expect(page.url()).toContain('span=7d')
  expect(page.url()).toContain('unit=time')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.getByText('An estimate, from what this application has seen.')).toBeVisible()
  await keepScreenshot(page, 'group-history-dark')
})

test('a group that is deleted while it is looked at says so', async ({
  page,
  visit,
  application,
}) => {
  const admin = application.kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'leaving', numPartitions: 1 }] })
  const partitions = [{ partition: 0, offset: '0' }]
  await commitOffsets(application, { groupId: 'leaver', topic: 'leaving', partitions })
  await visit('groups/leaver')
  await expect(page.getByRole('table', { name: 'Partitions' })).toContainText('leaving')
  await admin.deleteGroups(['leaver'])
  await expect(page.getByRole('alert')).toContainText('This group does not exist any more')
  await expect(page.getByRole('table', { name: 'Partitions' })).toContainText('leaving')
  await keepScreenshot(page, 'group-gone')
  await page.getByRole('link', { name: 'All groups' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Consumer groups' })).toBeVisible()
  await admin.disconnect()
})

for (const view of ['groups', 'groups/nightly', 'groups/nightly?tab=history'])
  test(`${view} has no accessibility violation`, async ({ page, visit, application }) => {
    const admin = application.kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'by-night', numPartitions: 1 }] })
    const partitions = [{ partition: 0, offset: '0' }]
    await commitOffsets(application, { groupId: 'nightly', topic: 'by-night', partitions })
    await admin.disconnect()
    await visit(view)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText('by-night').or(page.getByText('15 min')).first()).toBeVisible()
    await expectAccessible(page, { practices: true })
  })

/** A consumer that has its partitions. */
async function join({ kafka }: RunningApplication, groupId: string, topic: string) {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 500, maxWaitTimeInMs: 100 })
  const joined = new Promise(resolve => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({ eachMessage: async () => {} })
  await joined
  return consumer
}

function spread(count: number, partitions = 3) {
  return Array.from({ length: count }, (_, index) => {
    return { value: 'bill', partition: index % partitions }
  })
}
