/** A cluster that runs elsewhere, while its brokers come and go: three brokers of another process. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { outFolder, rootFolder } from '../../scripts/build.ts'
import {
  announced,
  commitOffsets,
  produce,
  startWeb,
  stopProcess,
  test as base,
} from './application.ts'
import { actOnNode, createReplicated } from './cluster-acts.ts'
import { expectAccessible, keepLooks } from './look.ts'

interface Elsewhere {
  /** Opens a page of the cluster that runs elsewhere; `guarded` allows no changes. */
  readonly visit: (path: string, cluster?: 'remote' | 'guarded') => Promise<void>
  /** What its owner does to one of its nodes. */
  readonly act: (node: number, act: 'Kill' | 'Start') => Promise<void>
}

const test = base.extend<{ readonly elsewhere: Elsewhere }>({
  elsewhere: async ({ page, context }, use) => {
    const far = await startWeb('--ephemeral', '--no-sample')
    const file = join(rootFolder, 'test', 'e2e', 'remote-pages.ts')
    const near = spawn(process.execPath, [file, '--bootstrap', far.bootstrap], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ODRADEK_OUT: outFolder.slice(rootFolder.length + 1) },
    })
    const { url } = await announced(near)
    await createReplicated(far, 'orders', 6)
    await produce(far, 'orders', [{ partition: 0, value: 'waits' }])
    await commitOffsets(far, {
      groupId: 'billing',
      topic: 'orders',
      partitions: [{ partition: 0, offset: '0' }],
    })
    const owner = await context.newPage()
    await owner.goto(`${far.url}#/local/brokers`)
    await page.bringToFront()
    await use({
      visit: async (path, cluster = 'remote') => {
        await page.goto('about:blank')
        await page.goto(`${url}#/${cluster}/${path}`)
      },
      act: (node, act) => actOnNode(owner, String(node), act),
    })
    await stopProcess(near)
    await far.stop()
  },
})

test.describe.configure({ timeout: 180_000 })

test('a broker that dies is named before it is fenced, and its groups are not said to be gone', async ({
  page,
  elsewhere: { visit, act },
}) => {
  await visit('groups/billing')
  const coordinator = Number(
    /Coordinator\s*(\d)/.exec(
      await page
        .getByText(/Coordinator/)
        .locator('..')
        .innerText(),
    )![1],
  )
  await visit('overview')
  await expect(page.getByText('remote is healthy')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('link', { name: 'billing' })).toBeVisible({ timeout: 20_000 })
  await act(coordinator, 'Kill')
  await expect(page.getByText(`Broker ${coordinator} does not answer`)).toBeVisible({
    timeout: 8_000,
  })
  await expect(page.getByText('No consumer group has read from this cluster yet.')).toBeHidden()
  await expect(page.getByLabel('Status')).toContainText('2 of 3 brokers')
  await keepLooks(page, 'remote-broker-killed')
  await expect(page.getByText(/partitions are at their min ISR/)).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('link', { name: 'billing' })).toBeVisible({ timeout: 20_000 })

  await visit('brokers')
  await expect(lineOf(page, coordinator)).toContainText('fenced')
  const quorum = page.getByRole('region', { name: 'Controllers' })
  await expect(quorum.getByRole('row').filter({ hasText: 'running' })).toHaveCount(5)
  await keepLooks(page, 'remote-brokers')
  await expectAccessible(page)
  await act(coordinator, 'Start')
  await expect(lineOf(page, coordinator)).toContainText('running', { timeout: 30_000 })
})

test('a cluster that nobody answers for is said to be silent, until one does', async ({
  page,
  elsewhere: { visit, act },
}) => {
  await visit('overview')
  await expect(page.getByText('remote is healthy')).toBeVisible({ timeout: 20_000 })
  for (const id of [1, 2, 3]) await act(id, 'Kill')
  await expect(page.getByRole('heading', { name: 'remote does not answer' })).toBeVisible({
    timeout: 15_000,
  })
  await expect(page.getByLabel('Status')).toContainText('remote · unreachable')
  await keepLooks(page, 'remote-silent')
  await expectAccessible(page)
  for (const id of [1, 2, 3]) await act(id, 'Start')
  await expect(page.getByText('remote is healthy')).toBeVisible({ timeout: 45_000 })
  await expect(page.getByLabel('Status')).toContainText('remote · running')
})

test('what only its owner can do is not offered, and a cluster that is guarded is not changed', async ({
  page,
  elsewhere: { visit },
}) => {
  await visit('brokers')
  const acts = page.getByRole('button', { name: 'Acts on node 1', exact: true })
  await expect(acts).toHaveAttribute('aria-disabled', 'true')
  await expect(acts).toHaveAttribute('title', /It runs elsewhere/)
  await expect(page.getByRole('button', { name: 'Add controller' })).toHaveCount(0)
  const elect = page.getByRole('button', { name: 'Elect preferred leaders' })
  await expect(elect).not.toHaveAttribute('aria-disabled', 'true')

  await visit('brokers', 'guarded')
  for (const name of ['Elect preferred leaders', 'Reassign partitions']) {
    const button = page.getByRole('button', { name })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAttribute('title', /read-only/)
  }
  await keepLooks(page, 'remote-guarded')
  await expectAccessible(page)
})

function lineOf(page: Page, broker: number) {
  return page.getByRole('table', { name: 'Brokers' }).getByRole('row').nth(broker)
}
