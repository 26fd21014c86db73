/** The offset lab as a person uses it: look, apply, read back, take it back. */
import { expect, type Page } from '@playwright/test'
import {
  commitOffsets,
  createTopic,
  keepScreenshot,
  produce,
  test,
  type RunningApplication,
} from './application.ts'
import { expectAccessible } from './look.ts'

/** Young enough for retention.ms. */
const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 600_000
const chosen = new Date(startMs + 4_500).toISOString()

test('a group is reset to a timestamp, the preview was right, and undo brings it back', async ({
  page,
  visit,
  application,
}) => {
  await timedRecords(application, 'timely', 3)
  await commitOffsets(application, {
    groupId: 'late-readers',
    topic: 'timely',
    partitions: [
      { partition: 0, offset: '9' },
      { partition: 1, offset: '9' },
      { partition: 2, offset: '2' },
    ],
  })

  await visit('groups/late-readers/offsets')
  const plan = page.getByRole('table', { name: 'Plan' })
  await expect(plan.getByRole('row')).toHaveCount(4)
  await page.getByRole('radio', { name: 'Timestamp' }).check()
  await page.getByRole('textbox', { name: 'Timestamp' }).fill(chosen)
  // The first record that is as late is the sixth of each partition.
  await expectRow(page, 0, { now: '9', after: '5', records: '4 again' })
  await expectRow(page, 2, { now: '2', after: '5', records: '3 skipped' })
  await expect(plan).toContainText('{"at":5}')
  await expect(page.getByRole('region', { name: 'Same by command line' })).toContainText(
    `kafka-consumer-groups.sh --bootstrap-server ${application.bootstrap} --group late-readers ` +
      `--reset-offsets --all-topics --to-datetime ${chosen} --execute`,
  )
  expect(page.url()).toContain(`s=timestamp:${startMs + 4_500}`)
  await keepSizes(page, 'offsets-plan')

  await page.getByRole('button', { name: 'Reset 3 offsets' }).click()
  const result = page.getByRole('table', { name: 'Result' })
  await expect(result.getByText('as asked')).toHaveCount(3)
  await expect(page.getByText('3 offsets changed, and read back as asked.')).toBeVisible()
  await keepSizes(page, 'offsets-read-back')
  expect(await committed(application, 'late-readers', 'timely')).toEqual(['5', '5', '5'])
  expect(await firstRead(application, 'late-readers', 'timely')).toBe('{"at":5}')

  await page.getByRole('button', { name: 'Undo' }).click()
  await expectRow(page, 0, { now: '5', after: '9', records: '4 skipped' })
  await expectRow(page, 2, { now: '5', after: '2', records: '3 again' })
  await keepSizes(page, 'offsets-undo')
  await page.getByRole('button', { name: 'Restore 3 offsets' }).click()
  await expect(result.getByText('as asked')).toHaveCount(3)
  expect(await committed(application, 'late-readers', 'timely')).toEqual(['9', '9', '2'])
})

test('a reset is refused while the group has members, and offered once they have left', async ({
  page,
  visit,
  application,
}) => {
  await timedRecords(application, 'watched', 1)
  await commitOffsets(application, {
    groupId: 'living',
    topic: 'watched',
    partitions: [{ partition: 0, offset: '3' }],
  })
  await visit('groups/living/offsets?s=earliest')
  const act = page.getByRole('button', { name: 'Reset 1 offset' })
  await expect(act).toBeEnabled()

  const consumer = application.kafka.consumer({ groupId: 'living', maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic: 'watched' })
  await consumer.run({ autoCommit: false, eachMessage: async () => {} })
  await expect(page.getByRole('status').filter({ hasText: 'page-tests on' })).toBeVisible()
  await expect(act).toHaveAttribute('aria-disabled', 'true')
  await expect(act).toHaveAttribute('title', /group living is Stable, with 1 member: page-tests on/)
  await keepSizes(page, 'offsets-refused')

  await consumer.disconnect()
  await expect(act).not.toHaveAttribute('aria-disabled')
  await act.click()
  await expect(page.getByText('1 offset changed, and read back as asked.')).toBeVisible()
})

test('a group is created with offsets, set by hand, and deleted by its name', async ({
  page,
  visit,
  application,
}) => {
  await timedRecords(application, 'fresh', 2)
  await visit('create-group')
  await page.getByLabel('Group id').fill('made here')
  await page.getByRole('button', { name: 'Choose offsets' }).click()
  await page.getByPlaceholder('Add a topic').fill('fresh')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('radio', { name: 'Latest' }).check()
  await expectRow(page, 1, { now: '–', after: '10' })

  // One offset by hand, with the keyboard.
  const plan = page.getByRole('table', { name: 'Plan' })
  await plan.focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByLabel('New offset of fresh-0').fill('4')
  await page.keyboard.press('Enter')
  await expectRow(page, 0, { after: '4' })
  await expect(plan).toContainText('by hand')
  await keepSizes(page, 'offsets-create')
  await page.getByRole('button', { name: 'Create the group with 2 offsets' }).click()
  await expect(page.getByText('2 offsets changed, and read back as asked.')).toBeVisible()
  expect(await committed(application, 'made here', 'fresh')).toEqual(['4', '10'])

  await page.getByRole('button', { name: 'Delete group' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Delete the group' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await dialog.getByRole('textbox').fill('made here')
  await dialog.getByRole('button', { name: 'Delete the group' }).click()
  await expect(page.getByText('new group')).toBeVisible()

  // It is remembered here, and can be had back.
  await page.getByRole('radio', { name: 'A kept snapshot' }).check()
  await page.getByRole('button', { name: /before delete/ }).click()
  await expectRow(page, 0, { after: '4' })
  await page.getByRole('button', { name: 'Restore 2 offsets' }).click()
  await expect(page.getByText('2 offsets changed, and read back as asked.')).toBeVisible()
  expect(await committed(application, 'made here', 'fresh')).toEqual(['4', '10'])
})

test('offsets come from a file and from another group, and are deleted', async ({
  page,
  visit,
  application,
}) => {
  await timedRecords(application, 'copied', 2)
  await commitOffsets(application, {
    groupId: 'model',
    topic: 'copied',
    partitions: [
      { partition: 0, offset: '6' },
      { partition: 1, offset: '7' },
    ],
  })
  await visit('groups/pupil/offsets?s=group:model')
  await expectRow(page, 0, { after: '6' })
  await expectRow(page, 1, { after: '7' })

  await page.getByRole('radio', { name: 'From a file' }).check()
  await page.getByLabel('Choose a file').setInputFiles({
    name: 'offsets.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('copied,0,2\ncopied,1,99\ncopied,x,1\n'),
  })
  await expectRow(page, 0, { after: '2' })
  await expectRow(page, 1, { after: '10' })
  await expect(page.getByRole('main')).toContainText('line 3: "x" is no partition of copied')
  await expect(page.getByRole('table', { name: 'Plan' })).toContainText('lowered to end')
  await keepSizes(page, 'offsets-file')
  await page.getByRole('button', { name: 'Create the group with 2 offsets' }).click()
  await expect(page.getByText('2 offsets changed, and read back as asked.')).toBeVisible()

  await page.getByRole('button', { name: 'Back to the plan' }).click()
  await page.getByRole('radio', { name: 'Delete offsets' }).check()
  await page.getByRole('button', { name: 'Delete 2 offsets' }).click()
  await expect(page.getByText('2 offsets changed, and read back as asked.')).toBeVisible()
  expect(await committed(application, 'pupil', 'copied')).toEqual(['-1', '-1'])
})

test('the page has no accessibility faults that axe knows of', async ({
  page,
  visit,
  application,
}) => {
  await timedRecords(application, 'axed', 2)
  await commitOffsets(application, {
    groupId: 'axe',
    topic: 'axed',
    partitions: [
      { partition: 0, offset: '2' },
      { partition: 1, offset: '3' },
    ],
  })
  for (const path of [
    'groups/axe/offsets?s=earliest',
    'groups/axe/offsets?t=axed:0&s=shift',
    'create-group',
  ]) {
    await visit(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page, { practices: true })
  }
})

test('ten thousand partitions are planned, scrolled and applied', async ({
  page,
  visit,
  application,
}) => {
  test.setTimeout(120_000)
  // In parts, so that a busy machine makes each of them in time.
  const topics = ['wide-0', 'wide-1', 'wide-2', 'wide-3']
  for (const topic of topics) await createTopic(application, topic, 2_500)
  await visit(`groups/wide-group/offsets?t=${topics.join(';')}&s=latest`)
  await expect(
    page.getByRole('button', { name: 'Create the group with 10,000 offsets' }),
  ).toBeVisible({
    timeout: 30_000,
  })
  await page.getByRole('table', { name: 'Plan' }).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('row', { name: /wide-3\s*·2499/ })).toBeVisible()
  await keepScreenshot(page, 'offsets-wide')
  await page.getByRole('button', { name: 'Create the group with 10,000 offsets' }).click()
  await expect(page.getByText('10,000 offsets changed, and read back as asked.')).toBeVisible({
    timeout: 30_000,
  })
})

interface Expected {
  readonly now?: string
  readonly after?: string
  readonly records?: string
}

async function expectRow(page: Page, partition: number, expected: Expected): Promise<void> {
  const row = page.getByRole('table', { name: 'Plan' }).locator(`[data-index="${partition}"]`)
  const cells = row.getByRole('cell')
  if (expected.now !== undefined) await expect(cells.nth(1)).toHaveText(expected.now)
  if (expected.after !== undefined) await expect(cells.nth(2)).toContainText(expected.after)
  if (expected.records !== undefined) await expect(cells.nth(3)).toHaveText(expected.records)
}

/** Light and dark, small and large: kept for a person to look at. */
async function keepSizes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      await keepScreenshot(page, `${name}-${colorScheme}-${width}`)
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** Ten records a partition, one a second, each with its place in the value. */
async function timedRecords(
  application: RunningApplication,
  topic: string,
  partitions: number,
): Promise<void> {
  await createTopic(application, topic, partitions)
  const messages = Array.from({ length: partitions * 10 }, (_, index) => ({
    partition: index % partitions,
    key: `key-${index % partitions}`,
    value: JSON.stringify({ at: Math.floor(index / partitions) }),
    timestamp: String(startMs + Math.floor(index / partitions) * 1_000),
  }))
  await produce(application, topic, messages)
}

async function committed(
  { kafka }: RunningApplication,
  groupId: string,
  topic: string,
): Promise<string[]> {
  const admin = kafka.admin()
  await admin.connect()
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] })
  await admin.disconnect()
  return (found?.partitions ?? [])
    .sort((a, b) => a.partition - b.partition)
    .map(({ offset }) => offset)
}

/** What a consumer of the group gets first. */
async function firstRead(
  { kafka }: RunningApplication,
  groupId: string,
  topic: string,
): Promise<string | undefined> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  const first = Promise.withResolvers<string | undefined>()
  await consumer.connect()
  await consumer.subscribe({ topic })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => first.resolve(message.value?.toString()),
  })
  const value = await first.promise
  await consumer.disconnect()
  return value
}
