import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { commitOffsets, createTopic, keepScreenshot, produce, test } from './application.ts'
import { holdRequests } from './hold-requests.ts'
import { filterField, rows, runFilter, scanLine } from './messages-table.ts'

/** Older records might be taken by retention while the test looks at them. */
const START_MS = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 12 * 3_600_000

function minutes(count: number, word = 'minute') {
  return Array.from({ length: count }, (_, minute) => ({
    key: `${word}-${minute}`,
    value: JSON.stringify({ [word]: minute, status: minute % 2 === 0 ? 'even' : 'odd' }),
    timestamp: String(START_MS + minute * 60_000),
  }))
}

async function fromMenu(page: Page) {
  await page.getByRole('button', { name: /^From / }).click()
  return page.getByRole('dialog', { name: /^From / })
}

test('a stretch of time is brushed by hand and by keys, and taken back', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'brushed', 3)
  await produce(application, 'brushed', minutes(600))
  await visit('topics/brushed')
  await expect(scanLine(page)).toContainText('600 records')
  const histogram = page.getByRole('slider', { name: 'Records over time' })
  const box = (await histogram.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const
  await page.mouse.move(...at(0.5))
  await page.mouse.down()
  await page.mouse.move(...at(0.75), { steps: 5 })
  await keepScreenshot(page, 'messages-brushing')
  await page.mouse.up()
  await expect(page).toHaveURL(/from=time:\d+&until=time:\d+/)
  await expect(scanLine(page)).toContainText(/1\d\d records/)
  await keepScreenshot(page, 'messages-brushed')
  await page.getByRole('button', { name: 'All of time' }).click()
  await expect(scanLine(page)).toContainText('600 records')

  await histogram.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/from=time:/)
  await page.goBack()
  await expect(scanLine(page)).toContainText('600 records')
})

test('counts, offsets for each partition and a group lead where they say', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'placed', 3)
  await produce(
    application,
    'placed',
    minutes(300).map((message, index) => ({ ...message, partition: index % 3 })),
  )
  await visit('topics/placed?until=count:50')
  await expect(scanLine(page)).toContainText('50 records')
  await expect(rows(page).first()).toContainText('"minute":299')
  await visit('topics/placed?from=oldest&until=count:50')
  await expect(scanLine(page)).toContainText('50 records')
  await expect(rows(page).first()).toContainText('"minute":0,')

  await visit('topics/placed')
  const menu = await fromMenu(page)
  await menu.getByLabel('one for each partition').check()
  await menu.getByLabel('Offset in partition 0').fill('90')
  await menu.getByLabel('Offset in partition 1').fill('95')
  await menu.getByLabel('Offset in partition 2').fill('100')
  await keepScreenshot(page, 'messages-from-menu')
  await menu.locator('form', { hasText: 'Offset by partition' }).getByRole('button').click()
  await expect(scanLine(page)).toContainText('15 records')
  await expect(page).toHaveURL(/from=offsets:0.90,1.95,2.100/)

  const at = (offset: string) => [0, 1, 2].map(partition => ({ partition, offset }))
  await commitOffsets(application, { groupId: 'billing', topic: 'placed', partitions: at('99') })
  await (await fromMenu(page)).getByRole('button', { name: /billing/ }).click()
  await expect(scanLine(page)).toContainText('3 records')
  await runFilter(page, 'status = "odd"')
  await expect(scanLine(page)).toContainText('2 found')
})

test('a group that has committed nothing here says so, and leads on', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'unread', 2)
  await produce(
    application,
    'unread',
    minutes(40).map((message, index) => ({ ...message, partition: index % 2 })),
  )
  await visit('topics/unread?from=group:nobody')
  await expect(page.getByText(/There is no group nobody on this cluster/)).toBeVisible()
  await page.getByRole('button', { name: 'Begin at the oldest' }).click()
  await expect(scanLine(page)).toContainText('40 records')

  const partitions = [{ partition: 1, offset: '5' }]
  await createTopic(application, 'read', 2)
  await commitOffsets(application, { groupId: 'elsewhere', topic: 'read', partitions })
  await commitOffsets(application, { groupId: 'half', topic: 'unread', partitions })
  await visit('topics/unread?from=group:elsewhere')
  await expect(page.getByText(/Group elsewhere has committed no offset in unread/)).toBeVisible()
  await keepScreenshot(page, 'messages-group-none')
  await visit('topics/unread?from=group:half')
  await expect(page.getByText(/has committed an offset in 1 of 2 partitions/)).toBeVisible()
  await expect(scanLine(page)).toContainText('15 records')
  await keepScreenshot(page, 'messages-group-half')
})

test('the histogram covers what is shown, by whatever it begins', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'covered', 1)
  await produce(application, 'covered', minutes(600))
  const range = page.locator('.histogram-words')
  // With its date: at some hours of the day `00:00` is in every time.
  const at = (minute: number) =>
    new Date(START_MS + minute * 60_000).toISOString().slice(0, 16).replace('T', ' ')
  await visit('topics/covered')
  await expect(range).toContainText(at(0))
  await visit('topics/covered?from=offset:300')
  await expect(range).toContainText(at(300))
  await expect(range).not.toContainText(at(0))
  await visit('topics/covered?from=oldest&until=count:60')
  await expect(range).toContainText(at(0))
  await expect(range).toContainText(at(59))
  await page.getByRole('button', { name: 'All of time' }).click()
  await expect(scanLine(page)).toContainText('600 records')
})

test('several topics are one view, merged by time, and searched as one', async ({
  page,
  visit,
  application,
}) => {
  const long = `t${'-long'.repeat(49)}`.slice(0, 249)
  await createTopic(application, long, 2)
  await createTopic(application, 'other', 1)
  await produce(application, long, minutes(20))
  await produce(application, 'other', minutes(20, 'second'))
  await visit(`topics/${long}`)
  await expect(rows(page)).toHaveCount(20)
  await page.getByRole('button', { name: /^in / }).click()
  const menu = page.getByRole('dialog', { name: /^in / })
  await menu.getByLabel('Add a topic').fill('oth')
  await menu.getByRole('button', { name: 'other' }).click()
  await page.keyboard.press('Escape')
  await expect(scanLine(page)).toContainText('40 records')
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toBeVisible()
  await runFilter(page, '"second":7')
  await expect(scanLine(page)).toContainText('1 found')
  await rows(page).first().click()
  await expect(page.getByRole('complementary', { name: /^Record other:0:/ })).toBeVisible()
  await keepScreenshot(page, 'messages-long-name')
})

test('rows are chosen with the keyboard, compared and copied', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'chosen', 1)
  await produce(application, 'chosen', minutes(12))
  await visit('topics/chosen')
  await rows(page).first().click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  const bar = page.getByRole('toolbar', { name: 'Chosen records' })
  await expect(bar).toContainText('2 chosen')
  await keepScreenshot(page, 'messages-chosen')
  await bar.getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByRole('tab', { name: 'Compare' })).toHaveAttribute('aria-selected', 'true')
  await bar.getByRole('button', { name: 'Replay' }).click()
  await expect(page).toHaveURL(/produce=replay/)
})

test('columns are added and hidden, and the address says so', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'columns', 1)
  await produce(application, 'columns', minutes(12))
  await visit('topics/columns')
  await expect(rows(page).first()).toBeVisible()
  await page.getByRole('button', { name: 'Columns and copying' }).click()
  await page.getByRole('menuitem', { name: 'Add column…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add column…' })
  await dialog.getByRole('button', { name: /^status/ }).click()
  await expect(page.getByRole('columnheader', { name: 'status' })).toBeVisible()
  await expect(rows(page).first()).toContainText('odd')
  await page.getByRole('button', { name: 'Columns and copying' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Codec' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/fields=value.status&cols=codec|cols=codec&fields=value.status/)
  await expect(page.getByRole('columnheader', { name: 'Codec' })).toBeVisible()
  await keepScreenshot(page, 'messages-columns')
  const { href } = await page.evaluate(() => ({ href: location.href }))
  await page.evaluate(() => localStorage.clear())
  await page.goto('about:blank')
  await page.goto(href)
  await expect(page.getByRole('columnheader', { name: 'Codec' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'status' })).toBeVisible()
})

test('a view gets a name, and leads back to what it showed', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'named', 1)
  await produce(application, 'named', minutes(40))
  await visit('topics/named')
  await runFilter(page, 'status = "odd"')
  await expect(scanLine(page)).toContainText('20 found')
  await page.getByRole('button', { name: 'Saved views' }).click()
  const menu = page.getByRole('dialog', { name: 'Saved views' })
  await menu.getByLabel('Save what is shown as').fill('Odd ones')
  await menu.getByRole('button', { name: 'Save view' }).click()
  await menu.getByLabel('Save what is shown as').fill('Odd filter')
  await menu.getByRole('button', { name: 'Save filter only' }).click()
  await keepScreenshot(page, 'messages-views')
  const download = page.waitForEvent('download')
  await menu.getByRole('button', { name: 'Export all…' }).click()
  const file = readFileSync(await (await download).path(), 'utf8')
  expect(JSON.parse(file)).toMatchObject({
    kind: 'odradek-views',
    views: [{ name: 'Odd filter' }, { name: 'Odd ones' }],
  })

  await createTopic(application, 'named-too', 1)
  await produce(application, 'named-too', minutes(10))
  await visit('topics/named-too')
  await page.getByRole('button', { name: 'Saved views' }).click()
  await menu.getByRole('button', { name: /^Odd filter/ }).click()
  await expect(scanLine(page)).toContainText('5 found')
  await page.getByRole('button', { name: 'Saved views' }).click()
  await menu.getByRole('button', { name: /^Odd ones/ }).click()
  await expect(scanLine(page)).toContainText('20 found')

  // A file brings them back after they were taken away.
  await page.getByRole('button', { name: 'Saved views' }).click()
  await menu.getByRole('button', { name: 'Remove Odd ones' }).click()
  await expect(menu.getByRole('button', { name: /^Odd ones/ })).toHaveCount(0)
  const chooser = page.waitForEvent('filechooser')
  await menu.getByText('Import…').click()
  const mimeType = 'application/json'
  await (await chooser).setFiles({ name: 'views.json', mimeType, buffer: Buffer.from(file) })
  await expect(page.getByText('2 views imported')).toBeVisible()
  await menu.getByRole('button', { name: /^Odd ones/ }).click()
  await expect(scanLine(page)).toContainText('20 found')
})

test('the name of the next view is typed while the last one is being saved', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'named-fast', 1)
  const release = await holdRequests(page, 'preference.keep')
  await visit('topics/named-fast')
  await page.getByRole('button', { name: 'Saved views' }).click()
  const menu = page.getByRole('dialog', { name: 'Saved views' })
  const name = menu.getByLabel('Save what is shown as')
  await name.fill('First')
  await menu.getByRole('button', { name: 'Save view' }).click()
  await name.fill('Second')
  release()
  await expect(menu.getByRole('button', { name: /^First/ })).toBeVisible()
  await expect(name).toHaveValue('Second')
  await menu.getByRole('button', { name: 'Save view' }).click()
  await expect(name).toHaveValue('')
})

test('a large value stands in one line and opens beside the table', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'large', 1)
  const text = 'ß🦊'.repeat(150_000)
  await produce(application, 'large', [
    { key: null, value: `{"text":"${text}"}` },
    { key: 'مفتاح', value: 'قيمة' },
    { key: Buffer.from([0, 255]), value: Buffer.from([0xff, 0xfe, 0, 1]) },
  ])
  await visit('topics/large')
  await expect(rows(page)).toHaveCount(3)
  await rows(page).nth(2).click()
  await expect(page.getByRole('complementary', { name: 'Record large:0:0' })).toBeVisible()
  await keepScreenshot(page, 'messages-large')
})

test('records are written to a file that the browser gets', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'exported', 2)
  await produce(application, 'exported', minutes(50))
  await visit('topics/exported')
  await runFilter(page, 'status = "odd"')
  await expect(scanLine(page)).toContainText('25 found')
  await page.getByRole('button', { name: 'Export records' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export records' })
  await keepScreenshot(page, 'export-dialog')
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\n')
  expect(lines).toHaveLength(25)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ value: { status: 'odd' } })
  await expect(dialog).toContainText('25 records')
  await keepScreenshot(page, 'export-done')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(filterField(page)).toBeVisible()
})
