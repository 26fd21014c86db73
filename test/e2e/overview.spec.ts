import { expect } from '@playwright/test'
import { keepScreenshot, test } from './application.ts'

test('the overview says that the cluster is healthy, and lists its brokers', async ({
  page,
  visit,
  application,
}) => {
  await visit('overview')
  await expect(page.getByRole('heading', { name: 'local is healthy' })).toBeVisible()

  const brokers = page.getByRole('main').getByRole('table').first()
  const addresses = application.bootstrap.split(',')
  for (const [index, address] of addresses.entries()) {
    const row = brokers.getByRole('row', { name: new RegExp(`\\b${address}\\b`) })
    await expect(row.getByRole('link', { name: String(index + 1) })).toBeVisible()
    await expect(row.getByRole('img', { name: 'It runs and is unfenced' })).toBeVisible()
  }
  // The controllers are nodes of their own, whatever broker Metadata names; any of them may lead.
  await expect(brokers.getByText('controller')).toHaveCount(0)
  await expect(page.getByRole('main')).toContainText(/Controller\s*300[0-2]/)
  await keepScreenshot(page, 'overview')
})

test('a broker address and the bootstrap line are copied as they are', async ({
  page,
  visit,
  application,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await visit('overview')
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())

  await page.getByRole('button', { name: 'Copy address' }).first().click()
  await expect.poll(clipboard).toBe(application.bootstrap.split(',')[0])
  await page
    .getByRole('region', { name: 'Connect a client' })
    .getByRole('button', { name: 'Copy bootstrap address' })
    .click()
  await expect.poll(clipboard).toBe(application.bootstrap)
})

test('the ready commands name the true address for every client', async ({
  page,
  visit,
  application,
}) => {
  await visit('overview')
  const connect = page.getByRole('region', { name: 'Connect a client' })
  const words = {
    kcat: 'kcat -b',
    Java: 'bootstrap',
    Python: 'Producer',
    JavaScript: 'kafkajs',
  }
  const [first = ''] = application.bootstrap.split(',')
  for (const [client, word] of Object.entries(words)) {
    await connect.getByRole('tab', { name: client, exact: true }).click()
    const example = connect.locator('pre, code').first()
    await expect(example).toContainText(word)
    await expect(example).toContainText(first)
  }
})

test('rates rise while a client writes', async ({ page, visit, application }) => {
  await visit('overview')
  const status = page.getByRole('contentinfo', { name: 'Status' })
  const producer = application.kafka.producer()
  await producer.connect()
  const messages = Array.from({ length: 200 }, (_, index) => ({ value: `rate ${index}` }))
  await expect(async () => {
    await producer.send({ topic: 'rates', messages })
    await expect(status).toContainText(/in [1-9][\d,.]*\/s/, { timeout: 1_500 })
  }).toPass({ timeout: 30_000 })
  await producer.disconnect()
  await expect(page.getByRole('link', { name: 'rates' }).first()).toBeVisible()
})

test('neither a stranger without the token nor a foreign host name gets in', async ({
  application,
  request,
}) => {
  const page = new URL(application.url)
  const socket = await request.get(`${page.origin}/contract`)
  expect(socket.ok()).toBe(false)
  const foreign = await request.get(page.origin, { headers: { host: 'evil.example' } })
  expect(foreign.status()).toBe(403)
})
