import { expect, type Page } from '@playwright/test'
import {
  keepScreenshot,
  produce,
  startWeb,
  test as base,
  type RunningApplication,
} from './application.ts'
import { actOnNode, createAssigned, createReplicated } from './cluster-acts.ts'
import { holdRequests } from './hold-requests.ts'
import { expectAccessible, keepLooks } from './look.ts'
import { runFilter, scanLine } from './messages-table.ts'

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
      const there = page.url().startsWith('http')
      if (!there) await page.goto(`${own.url}#/local/${path}`)
      // As a link in the page does: these tests are about what changes while one looks.
      else await page.evaluate(hash => void (location.hash = hash), `#/local/${path}`)
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
  // Where the panel has to be scrolled, the keyboard does it too.
  await page.setViewportSize({ width: 1280, height: 400 })
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 800 })

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
  // How many brokers there are may come later than all else that the form is drawn from.
  const release = await holdRequests(page, 'cluster.watch')
  await visit('topics?create=1')
  const form = page.getByRole('dialog', { name: 'Create topic' })
  await expect(form.getByText('Waiting for the lists')).toBeVisible()
  release()
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

test('a move that is under way is throttled anew, and cancelled, and its replicas stay', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'slow', 3, 2)
  // In requests that a broker takes.
  for (let turn = 0; turn < 24; turn++) await produce(own, 'slow', records(100, 4_000))
  const before = await replicasOf(own, 'slow')
  await visit('brokers')
  await page.getByRole('button', { name: 'Reassign partitions' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reassign partitions' })
  await dialog.getByLabel('What to do').selectOption('Move everything off')
  await dialog.getByRole('checkbox').nth(1).check()
  await dialog.getByRole('textbox', { name: /^Topics/ }).fill('slow')
  await dialog.getByLabel('Throttle').fill('0.02')
  await dialog.getByRole('button', { name: /same with kafka-reassign/ }).click()
  await expect(dialog.getByText(/--execute --throttle 20972/)).toBeVisible()
  await keepLooks(page, 'reassign-commands')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: /^Move \d partitions/ }).click()
  const moving = page.getByRole('region', { name: 'Reassignments under way' })
  await expect(moving).toContainText('Throttled to 20.5 KiB/s', { timeout: 15_000 })
  await expect(moving).toContainText(/[\d.]+ (B|KiB|MiB) of [\d.]+ MiB/, { timeout: 15_000 })

  await moving.getByRole('textbox').fill('0.03')
  await moving.getByRole('button', { name: 'Set throttle' }).click()
  await expect(moving).toContainText('Throttled to 30.7 KiB/s', { timeout: 15_000 })
  await keepLooks(page, 'reassignments-under-way')
  await expectAccessible(page)

  await page.getByRole('link', { name: 'Overview' }).click()
  await expect(page.getByText(/lack in-sync replicas/)).toHaveCount(0)
  await visit('partitions?state=moving')
  await expect(page.getByRole('table').getByText('Moving').first()).toBeVisible()

  await visit('brokers')
  await moving.getByRole('button', { name: /^Cancel (it|all)/ }).click()
  await expect(moving).toHaveCount(0, { timeout: 15_000 })
  // Their order may be another, as in Apache Kafka: what was added came first, and is taken out.
  const inOrder = (lists: number[][]) => lists.map(ids => [...ids].sort((a, b) => a - b))
  expect(inOrder(await replicasOf(own, 'slow'))).toEqual(inOrder(before))
  await expect(page.getByText(/A replication throttle/)).toBeHidden({ timeout: 15_000 })
})

test('an unclean election says what it loses, wants the name typed, and tells what came of it', async ({
  page,
  visit,
  own,
}) => {
  await createAssigned(own, 'torn', [[1, 2]])
  await produce(own, 'torn', records(40))
  await actOn(page, visit, 2, 'Kill')
  await visit('topics/torn/partitions?open=0')
  const panel = page.getByRole('complementary', { name: 'Partition 0' })
  await expect(panel.getByText(/^ISR/).locator('xpath=following-sibling::dd[1]')).toHaveText('1', {
    timeout: 20_000,
  })
  await produce(own, 'torn', records(25))
  await expect(panel.getByText('High watermark').first()).toBeVisible()
  await expect(panel).toContainText('end 65', { timeout: 15_000 })
  await actOn(page, visit, 1, 'Kill')
  await expect(stateOf(page, 1)).toContainText('killed')
  await actOn(page, visit, 2, 'Start')
  await expect(stateOf(page, 2)).toContainText('running', { timeout: 30_000 })

  await visit('overview')
  await page.getByRole('link', { name: 'Partition torn-0 has no leader' }).click()
  await expect(page).toHaveURL(/partitions\?state=leaderless/)
  await keepLooks(page, 'partitions-leaderless')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'torn-0' }).click()
  await expect(panel).toContainText('loses 25 committed offsets', { timeout: 20_000 })
  await panel.getByRole('button', { name: 'Elect an unclean leader' }).click()
  const dialog = page.getByRole('dialog', { name: 'Unclean election of torn-0' })
  await expect(dialog).toContainText('makes broker 2 the leader loses 25 committed offsets')
  const act = dialog.getByRole('button', { name: 'Elect an unclean leader' })
  await expect(act).toHaveAttribute('aria-disabled', 'true')
  await keepLooks(page, 'unclean-election')
  await expectAccessible(page)
  await dialog.getByRole('textbox').fill('torn-0')
  await act.click()
  await expect(
    page.getByText('torn-0 is led by broker 2; its log ends at 40, and 25 committed offsets'),
  ).toBeVisible({ timeout: 20_000 })
  await expect(panel).toContainText('end 40')
})

test('a search and statistics name the partition that nobody could be asked about', async ({
  page,
  visit,
  own,
}) => {
  await createAssigned(own, 'scattered', [[1], [2], [3]])
  await produce(own, 'scattered', records(60))
  await actOn(page, visit, 2, 'Kill')
  await visit('topics/scattered/partitions')
  await expect(page.getByText('1 partition offline')).toBeVisible({ timeout: 20_000 })
  await visit('topics/scattered')
  await runFilter(page, 'not in any record')
  await expect(scanLine(page)).toContainText('searched, but for some partitions')
  await expect(page.getByText(/^No record meets the filter in the partitions/)).toBeVisible()
  await keepLooks(page, 'search-partly')
  await page.getByRole('button', { name: '1 partition not read' }).click()
  const details = page.getByRole('dialog', { name: '1 partition not read' })
  await expect(details).toContainText('partition 1')
  await keepLooks(page, 'search-unread')
  await expectAccessible(page)
  await visit('topics/scattered/statistics')
  await page.getByRole('button', { name: 'Read the whole topic' }).click()
  await expect(page.getByText(/^1 partition could not be read, or not to its end/)).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'Not complete' })).toBeVisible()
  await keepLooks(page, 'statistics-unread')
  await expectAccessible(page)
})

test('controllers are stopped and started from the page, and the quorum says who is left', async ({
  page,
  visit,
}) => {
  await visit('brokers')
  const quorum = page.getByRole('region', { name: 'Controllers' })
  const leader = quorum
    .getByRole('row')
    .filter({ hasText: 'leader' })
    .filter({ hasText: 'running' })
  await expect(leader).toHaveCount(1)
  const first = (await leader.getByRole('cell').first().textContent())!
  await actOnNode(page, first, 'Kill')
  const killed = quorum.getByRole('row').filter({ hasText: first })
  await expect(killed).toContainText('killed')
  // Another one leads, and says so.
  await expect(leader).toHaveCount(1, { timeout: 20_000 })
  await expect(leader).not.toContainText(first)
  const second = (await leader.getByRole('cell').first().textContent())!
  await visit('overview')
  await expect(page.getByText(`Controller ${first} does not answer`)).toBeVisible()
  await keepLooks(page, 'controller-killed')
  await expectAccessible(page)

  await visit('brokers')
  await actOnNode(page, second, 'Pause')
  await expect(page.getByText('Nobody answers for the quorum')).toBeVisible({ timeout: 30_000 })
  await keepLooks(page, 'quorum-lost')
  await visit('overview')
  await expect(page.getByText('The cluster has no controller')).toBeVisible({ timeout: 30_000 })

  await visit('brokers')
  await actOnNode(page, first, 'Start')
  await actOnNode(page, second, 'Resume')
  await expect(leader).toHaveCount(1, { timeout: 30_000 })
  await expect(quorum.getByRole('row').filter({ hasText: 'running' })).toHaveCount(6)
  await visit('overview')
  await expect(page.getByText('local is healthy')).toBeVisible({ timeout: 30_000 })
})

test('a controller joins the quorum and leaves it again, and its leaving says what that means', async ({
  page,
  visit,
}) => {
  await visit('brokers')
  const quorum = page.getByRole('region', { name: 'Controllers' })
  await expect(quorum).toContainText('3 voters')
  await quorum.getByRole('button', { name: 'Add controller' }).click()
  const said = page.getByText(/^Controller \d+ votes\.$/)
  await expect(said).toBeVisible({ timeout: 30_000 })
  const id = /\d+/.exec((await said.textContent())!)![0]
  await expect(quorum).toContainText('4 voters', { timeout: 15_000 })
  const joined = quorum.getByRole('row').filter({ hasText: id })
  await expect(joined).toContainText('running')

  await page.getByRole('button', { name: `Acts on node ${id}`, exact: true }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  const dialog = page.getByRole('dialog', { name: `Remove controller ${id}` })
  await expect(dialog).toContainText('3 voters are left. 1 of them may be away')
  await keepLooks(page, 'controller-remove')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: `Remove controller ${id}` }).click()
  await expect(dialog).toHaveCount(0, { timeout: 30_000 })
  await expect(quorum).toContainText('3 voters', { timeout: 15_000 })
  // As in Apache Kafka the leader lists whoever fetched from it for some minutes more.
  await expect(joined.getByText('voter')).toHaveCount(0)
  await expect(joined.getByRole('button')).toHaveCount(0)
})

test('the power of a broker is cut, the page says what that took, and it comes back', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'volts', 3)
  await produce(own, 'volts', records(3_000))
  await visit('brokers')
  await page.getByRole('button', { name: 'Acts on node 2' }).click()
  await page.getByRole('menuitem', { name: 'Cut the power' }).click()
  const dialog = page.getByRole('dialog', { name: 'Power cut, node 2' })
  await keepLooks(page, 'power-cut-question')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Cut the power of node 2' }).click()
  await expect(dialog).toContainText(/Broker 2 lost [\d.]+ (KiB|MiB) of \d+ files/, {
    timeout: 20_000,
  })
  await expect(dialog).toContainText('volts-0/00000000000000000000.log')
  await keepLooks(page, 'power-cut-taken')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(stateOf(page, 2)).toContainText('killed')
  await actOn(page, visit, 2, 'Start')
  await expect(stateOf(page, 2)).toContainText('running', { timeout: 30_000 })
  await visit('topics/volts/partitions')
  await expect(page.getByText('All 3 partitions have a leader')).toBeVisible({ timeout: 30_000 })
})

test('the power of the whole cluster is cut, and it comes up again by itself', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'dark', 3)
  await produce(own, 'dark', records(3_000))
  await visit('brokers')
  await page.getByRole('button', { name: 'Acts on node 1' }).click()
  await page.getByRole('menuitem', { name: 'Cut the power' }).click()
  const dialog = page.getByRole('dialog', { name: 'Power cut, node 1' })
  await dialog.getByText('The whole cluster').click()
  await expect(dialog).toContainText('All nodes go down at once and come up again')
  await dialog.getByRole('button', { name: 'Cut the power of all nodes' }).click()
  for (const id of [1, 2, 3])
    await expect(dialog).toContainText(new RegExp(`Broker ${id} lost [\\d.]+ (KiB|MiB)`), {
      timeout: 30_000,
    })
  await expect(dialog).toContainText('All nodes are up again')
  await keepLooks(page, 'power-cut-cluster')
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  const quorum = page.getByRole('region', { name: 'Controllers' })
  await expect(quorum.getByRole('row').filter({ hasText: 'running' })).toHaveCount(6, {
    timeout: 30_000,
  })
  for (const id of [1, 2, 3]) await expect(stateOf(page, id)).toContainText('running')
  // Not one of the three had flushed them: that is what a cut of all of it takes.
  await visit('topics/dark/partitions')
  await expect(page.getByText('All 3 partitions have a leader')).toBeVisible({ timeout: 30_000 })
  await produce(own, 'dark', records(30))
})

test('a controller that is stopped hands over, and a broker that drains says so until it may go', async ({
  page,
  visit,
  own,
}) => {
  await visit('brokers')
  const quorum = page.getByRole('region', { name: 'Controllers' })
  const lineOf = (id: string) => quorum.getByRole('row').filter({ hasText: id })
  const leader = quorum.getByRole('row').filter({ hasText: 'leader' })
  await expect(leader).toHaveCount(1)
  const first = (await leader.getByRole('cell').first().textContent())!
  await actOnNode(page, first, 'Stop')
  await expect(lineOf(first)).toContainText('stopped')
  await expect(leader.filter({ hasText: 'running' })).toHaveCount(1, { timeout: 20_000 })
  await expect(leader.filter({ hasText: first })).toHaveCount(0)

  // Who drains waits for the controller's leave, and there is nobody who gives it.
  const others = ['3000', '3001', '3002'].filter(id => id !== first)
  for (const id of others) {
    await actOnNode(page, id, 'Pause')
    await expect(lineOf(id)).toContainText('paused')
  }
  await actOnNode(page, '2', 'Stop')
  await expect(stateOf(page, 2)).toContainText('stopping')
  await keepLooks(page, 'broker-draining')
  await expectAccessible(page)
  // A menu that is open stays so, whoever comes back meanwhile.
  await page.getByRole('button', { name: `Acts on node ${first}`, exact: true }).click()
  const another = await page.context().newPage()
  await another.goto(`${own.url}#/local/brokers`)
  for (const id of others) await actOnNode(another, id, 'Resume')
  await another.close()
  await expect(stateOf(page, 2)).toContainText('stopped', { timeout: 30_000 })
  await expect(leader.filter({ hasText: 'running' })).toHaveCount(1, { timeout: 20_000 })
  await page.getByRole('menuitem', { name: 'Start' }).click()
  await expect(lineOf(first)).toContainText('running', { timeout: 20_000 })
})

test('while a broker stands still the records of the others come live, and it is named', async ({
  page,
  visit,
  own,
}) => {
  await createAssigned(own, 'led-apart', [[1], [2], [3]])
  const producer = own.kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'led-apart', messages: [{ partition: 0, value: 'before' }] })
  await visit('topics/led-apart')
  await page.getByRole('button', { name: 'Live' }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  const another = await page.context().newPage()
  await another.goto(`${own.url}#/local/brokers`)
  await actOnNode(another, '2', 'Pause')
  await expect(stateOf(another, 2)).toContainText('paused')
  await producer.send({ topic: 'led-apart', messages: [{ partition: 0, value: 'meanwhile' }] })
  await expect(page.getByRole('row').filter({ hasText: 'meanwhile' })).toHaveCount(1)
  const said = page.getByText('Partition 1 cannot be read now')
  // In the end it is fenced, and nobody leads.
  await expect(said).toContainText(/broker 2 does not answer|led-apart-1 has no leader/)
  await keepLooks(page, 'live-beside-paused')
  await actOnNode(another, '2', 'Resume')
  await another.close()
  await expect(said).toHaveCount(0)
  await producer.disconnect()
})

test('a filter shows the partitions of one state and of one broker, and the address keeps it', async ({
  page,
  visit,
  own,
}) => {
  await createReplicated(own, 'wide', 40, 2)
  await actOn(page, visit, 3, 'Stop')
  await expect(stateOf(page, 3)).toContainText('stopped', { timeout: 20_000 })
  await visit('topics/wide/partitions')
  const below = page.getByRole('button', { name: /Below min ISR/ })
  await below.click({ timeout: 20_000 })
  await expect(page).toHaveURL(/state=below-min-isr/)
  const rows = page.getByRole('table', { name: 'Partitions of wide' }).locator('.table-row')
  await expect(rows.first()).toContainText('1 of 2')
  await expect(rows.filter({ hasText: '2 of 2' })).toHaveCount(0)
  await page.getByLabel('Show partitions by broker').selectOption('on broker 3')
  await expect(page.getByText(/\d+ of 40 shown/)).toBeVisible()
  await keepLooks(page, 'partitions-filtered')
  await expectAccessible(page)
  await visit('overview')
  await page.getByRole('link', { name: /below their min ISR/ }).click()
  await expect(page.getByRole('table')).toContainText('wide-')
  await keepLooks(page, 'cluster-partitions')
  await expectAccessible(page)
  await page
    .getByRole('button', { name: /Leaderless|Below min ISR/ })
    .first()
    .click()
  await expect(page).not.toHaveURL(/state=below/)
})

test('nodes that are broker and controller stand once in the quorum, and leave both together', async ({
  page,
}) => {
  const running = await startWeb('--ephemeral', '--no-sample', '--combined')
  try {
    await page.goto(`${running.url}#/local/brokers`)
    const quorum = page.getByRole('region', { name: 'Controllers' })
    await expect(quorum.getByText('broker and controller')).toHaveCount(3)
    await expect(quorum.getByRole('row')).toHaveCount(4)
    const tag = page.getByRole('table', { name: 'Brokers' }).getByText('controller')
    await expect(tag).toHaveCount(1)
    await actOnNode(page, '2', 'Kill')
    await expect(stateOf(page, 2)).toContainText('killed')
    await expect(quorum.getByRole('row').nth(2)).toContainText('killed')
    await keepLooks(page, 'combined-killed')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Overview' }).click()
    await expect(page.getByText('Controller 2 does not answer')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('Broker 2 does not answer')).toBeVisible({ timeout: 30_000 })
  } finally {
    await running.stop()
  }
})

function stateOf(page: Page, broker: number) {
  return page.getByRole('table', { name: 'Brokers' }).getByRole('row').nth(broker)
}

async function actOn(page: Page, visit: Fixtures['visit'], id: number, act: string): Promise<void> {
  await visit('brokers')
  await actOnNode(page, String(id), act)
}

async function replicasOf({ kafka }: RunningApplication, topic: string): Promise<number[][]> {
  const admin = kafka.admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  return topics[0]!.partitions.map(({ replicas }) => replicas)
}

function records(count: number, size = 80) {
  return Array.from({ length: count }, (_, n) => ({
    key: `k${n}`,
    value: `${n} ${'x'.repeat(size)}`,
  }))
}
