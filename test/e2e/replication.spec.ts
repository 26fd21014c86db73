import { expect, type Page } from '@playwright/test'
import {
  keepScreenshot,
  produce,
  startWeb,
  test as base,
  type RunningApplication,
} from './application.ts'
import { expectAccessible, keepLooks } from './look.ts'

interface Fixtures {
  readonly visit: (path: string) => Promise<void>
}

/** One of its own for each test: brokers are killed here. */
const test = base.extend<Fixtures & { readonly own: RunningApplication }>({
  own: async ({ page: _page }, use) => {
    const running = await startWeb('--ephemeral', '--no-sample')
    await use(running)
    await running.stop()
  },
  visit: async ({ page, own }, use) => {
    await use(async path => {
      await page.goto('about:blank')
      await page.goto(`${own.url}#/local/${path}`)
    })
  },
})

test.describe.configure({ timeout: 120_000 })

test('a broker that is killed is named as the reason, and the partition heals when it starts', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'orders', 6)
  await produce(own, 'orders', records(600))
  await visit('topics/orders/partitions')
  await expect(page.getByText('All 6 partitions have a leader')).toBeVisible()
  await page.getByRole('row').nth(1).click()
  const panel = page.getByRole('complementary', { name: 'Partition 0' })
  await expect(panel).toContainText('All 3 replicas are in sync.')
  await expect(panel.getByText('Partition epoch')).toBeVisible()
  await expect(page).toHaveURL(/open=0/)
  await keepLooks(page, 'partitions-in-sync')
  await expectAccessible(page)

  await actOn(page, visit, 2, 'Kill')
  await visit('topics/orders/partitions?open=0')
  await expect(panel.getByText(/Broker 2 is (away|fenced)/)).toBeVisible({ timeout: 20_000 })
  await expect(panel.getByText('2 in sync, as few as min.insync.replicas allows')).toBeVisible({
    timeout: 20_000,
  })
  await produce(own, 'orders', records(60))
  await keepLooks(page, 'partitions-broker-killed')
  await expectAccessible(page)

  await actOn(page, visit, 2, 'Start')
  await visit('topics/orders/partitions')
  await expect(page.getByText('All 6 partitions have a leader')).toBeVisible({ timeout: 30_000 })
})

test('the page of brokers shows the quorum, and elects preferred leaders as previewed', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'led', 6)
  await actOn(page, visit, 1, 'Stop')
  const first = page.getByRole('table', { name: 'Brokers' }).getByRole('row').nth(1)
  await expect(first).toContainText('stopped')
  await keepScreenshot(page, 'brokers-stopped')
  await actOn(page, visit, 1, 'Start')
  await expect(first).toContainText('running', { timeout: 20_000 })
  const quorum = page.getByRole('region', { name: 'Controllers' })
  await expect(quorum).toContainText('leader epoch')
  await expect(quorum.getByRole('row')).not.toHaveCount(1)
  await expect(page.getByText('4 of 6 led by the preferred')).toBeVisible({
    timeout: 20_000,
  })
  await keepLooks(page, 'brokers-quorum')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Elect preferred leaders' }).click()
  const dialog = page.getByRole('dialog', { name: 'Elect preferred leaders' })
  await expect(dialog).toContainText('2 partitions are led by a broker that is not the first')
  await keepLooks(page, 'elect-preferred')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Elect 2 leaders' }).click()
  await expect(page.getByText('2 partitions have their preferred leaders.')).toBeVisible()
  await expect(page.getByText('6 of 6 led by the preferred')).toBeVisible()
})

test('replicas are moved off a broker as planned, under a throttle that is gone afterwards', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'moving', 3, 2)
  await produce(own, 'moving', records(3_000))
  await visit('topics/moving/partitions')
  await page.getByRole('button', { name: 'Reassign partitions' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reassign partitions of moving' })
  await dialog.getByLabel('What to do').selectOption('Move everything off')
  await dialog.getByRole('checkbox').nth(2).check()
  await expect(dialog).toContainText('2 partitions change')
  await dialog.getByLabel('Throttle').fill('50')
  await keepLooks(page, 'reassign-plan')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Move 2 partitions' }).click()
  await expect(page.getByText('2 partitions are on their way.')).toBeVisible()
  await expect
    .poll(async () => (await replicasOf(own, 'moving')).flat().includes(3), { timeout: 30_000 })
    .toBe(false)
  await visit('brokers')
  await expect(page.getByText(/A replication throttle/)).toBeHidden()
})

test('creating a topic says what its factor and its min ISR mean', async ({ page, visit }) => {
  await visit('topics?create=1')
  const form = page.getByRole('dialog', { name: 'Create topic' })
  await expect(form.getByLabel('Replication factor')).toHaveValue('3')
  await expect(form.getByRole('status')).toContainText('With min ISR 1')
  await form.getByLabel('Min ISR').fill('3')
  await expect(form.getByRole('status')).toContainText('All 3 replicas have to be in sync')
  await form.getByLabel('Replication factor').fill('1')
  await form.getByLabel('Min ISR').fill('')
  await expect(form.getByRole('status')).toContainText('One replica')
  await keepScreenshot(page, 'create-durability')
  await form.getByLabel('Replication factor').fill('3')
  await form.getByLabel('Min ISR').fill('2')
  await expect(form.getByRole('status')).toHaveCount(0)
  await form.getByLabel('Name').fill('durable')
  await form.getByRole('button', { name: 'Create topic' }).click()
  await expect(page).toHaveURL(/durable/)
})

async function actOn(page: Page, visit: Fixtures['visit'], id: number, act: string): Promise<void> {
  await visit('brokers')
  await page.getByRole('button', { name: `Acts on node ${id}` }).click()
  await page.getByRole('menuitem', { name: act }).click()
}

async function createReplicated(
  { kafka }: RunningApplication,
  topic: string,
  numPartitions: number,
  replicationFactor = 3,
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
  await admin.createTopics({
    topics: [{ topic, numPartitions, replicationFactor, configEntries }],
  })
  await admin.disconnect()
}

async function replicasOf({ kafka }: RunningApplication, topic: string): Promise<number[][]> {
  const admin = kafka.admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  return topics[0]!.partitions.map(({ replicas }) => replicas)
}

function records(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    key: `k${n}`,
    value: `${n} ${'x'.repeat(80)}`,
  }))
}
