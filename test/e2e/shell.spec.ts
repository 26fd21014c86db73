import { expect } from '@playwright/test'
import {
  createTopic,
  keepScreenshot,
  keepsOldRecords,
  produce,
  startWeb,
  test,
} from './application.ts'
import { holdRequests } from './hold-requests.ts'

test('every page is reached from the navigation', async ({ page, visit }) => {
  await visit('overview')
  const pages = page.getByRole('navigation', { name: 'Pages' })
  for (const [link, heading] of [
    [/^Topics/, 'Topics'],
    [/^Consumer groups/, 'Consumer groups'],
    [/^Brokers/, 'Brokers'],
    [/^Overview/, 'local is healthy'],
  ] as const) {
    await pages.getByRole('link', { name: link }).click()
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
  }
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Brokers', level: 1 })).toBeVisible()
})

test('a link restores the whole view, and carries no token in its hash', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'linked', 2)
  const messages = Array.from({ length: 12 }, (_, index) => ({
    value: `link ${index}`,
    partition: index % 2,
  }))
  await produce(application, 'linked', messages)
  await visit('topics/linked')
  await page.getByRole('button', { name: 'newest' }).click()
  await page.getByRole('button', { name: /^oldest/ }).click()
  const row = page.getByRole('row').filter({ hasText: 'link 8' })
  await row.click()
  const panel = page.getByRole('complementary', { name: 'Record linked:0:4' })
  await panel.getByRole('tab', { name: 'Metadata' }).click()
  await expect(panel.getByText('CRC-32C').first()).toBeVisible()

  const link = page.url()
  expect(new URL(link).hash).not.toContain('token')
  await page.goto('about:blank')
  await page.goto(link)
  await expect(page.getByRole('button', { name: 'oldest' })).toBeVisible()
  await expect(panel.getByRole('tab', { name: 'Metadata' })).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await expect(panel.getByText('CRC-32C').first()).toBeVisible()
})

test('light and dark are chosen and kept', async ({ page, visit }) => {
  await visit('overview')
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme')
  const button = page.getByRole('button', { name: /^Colours/ })
  const seen = new Set<string | null>()
  for (let press = 0; press < 3; press++) {
    seen.add(await scheme())
    if ((await scheme()) === 'dark') await keepScreenshot(page, 'overview-dark')
    await button.click()
  }
  expect(seen).toEqual(new Set(['light', 'dark']))

  await button.filter({ visible: true }).click()
  const chosen = await scheme()
  const name = await button.getAttribute('aria-label')
  await page.reload()
  await expect(page.getByRole('button', { name: name ?? '' })).toBeVisible()
  expect(await scheme()).toBe(chosen)
})

test('the time zone is always visible, and switches every moment', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'zoned', 1, keepsOldRecords)
  const timestamp = String(Date.UTC(2026, 6, 1, 23, 30))
  await produce(application, 'zoned', [{ value: 'midsummer', timestamp }])
  await visit('topics/zoned')
  await expect(page.getByText('2026-07-01 23:30:00.000').first()).toBeVisible()
  await page
    .getByRole('contentinfo', { name: 'Status' })
    .getByRole('button', { name: /UTC/ })
    .click()
  await page.getByPlaceholder('Other zone, as Tokyo').fill('Tokyo')
  await page.getByText(/Tokyo/).last().click()
  await expect(page.getByText('2026-07-02 08:30:00.000').first()).toBeVisible()
})

test('what is gone says so and leads back', async ({ page, visit }) => {
  await visit('topics/was-never-there')
  await expect(page.getByRole('status').filter({ hasText: 'was-never-there' })).toBeVisible()
  await keepScreenshot(page, 'gone')
  await page.getByRole('link', { name: 'All topics' }).click()
  await expect(page.getByRole('heading', { name: 'Topics', level: 1 })).toBeVisible()
})

test('the palette finds a topic by its name', async ({ page, visit, application }) => {
  await createTopic(application, 'needle-in-haystack', 1)
  await visit('overview')
  await page.getByRole('button', { name: 'Search and commands' }).click()
  await page.getByPlaceholder('Topic, group, broker or command').fill('needle')
  await expect(page.getByText('needle-in-haystack').first()).toBeVisible()
  await keepScreenshot(page, 'palette')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /^needle-in-haystack/ })).toBeVisible()
})

test('Enter opens the first found where the names come after the query', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'late-to-the-palette', 1)
  // A cluster far away answers late.
  const release = await holdRequests(page, 'group.list')
  await visit('overview')
  await page.getByRole('button', { name: 'Search and commands' }).click()
  await page.getByPlaceholder('Topic, group, broker or command').fill('late-to')
  await expect(page.getByText('Nothing fits.')).toBeVisible()
  release()
  await expect(page.getByText('late-to-the-palette').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /^late-to-the-palette/ })).toBeVisible()
})

test('a page whose application has ended says so', async ({ page }) => {
  const application = await startWeb('--ephemeral', '--no-sample', '--brokers', '1')
  await page.goto(application.url)
  await expect(page.getByRole('heading', { name: 'local is healthy' })).toBeVisible()
  expect(await application.stop()).toBe(0)
  await expect(page.getByText(/connect/i).first()).toBeVisible()
  await keepScreenshot(page, 'application-ended')
})
