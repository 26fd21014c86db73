import { execFileSync } from 'node:child_process'
import { expect, type Page } from '@playwright/test'
import { createTopic, keepScreenshot, produce, test } from './application.ts'
import { expectAccessible } from './look.ts'
import {
  brokenAvro,
  cbor,
  emoji,
  jsonSchema,
  messagePack,
  order,
  protobuf,
  shipped,
  SNOWFLAKE,
} from './record-samples.ts'

const panel = (page: Page) => page.locator('.record')
const line = (page: Page, text: string) =>
  panel(page).getByRole('treeitem').filter({ hasText: text })

/** In light and in dark, for a person to look at. */
async function keepBoth(page: Page, name: string): Promise<void> {
  await keepScreenshot(page, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

test('JSON is a tree with every digit, walked with the arrow keys', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-json', 1)
  await produce(application, 'record-json', [
    { key: 'k-1', value: order, headers: { source: 'shop', trace: Buffer.from([0, 1, 255]) } },
    { key: 'k-1', value: shipped },
    { key: 'k-2', value: '{"a": 1,}' },
  ])
  await visit('topics/record-json?at=0:0')
  await expect(line(page, SNOWFLAKE)).toBeVisible()
  await expect(line(page, '12.50')).toBeVisible()
  await expect(line(page, '0.1000000000000000055511151231257827')).toBeVisible()
  await keepBoth(page, 'record-json')

  await panel(page).getByRole('tree').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(line(page, 'amount')).toHaveAttribute('data-active', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Only this value: 12.50' })).toBeVisible()
  await keepBoth(page, 'record-json-menu')
  await page.keyboard.press('Escape')

  await panel(page).getByRole('radio', { name: 'Table' }).click()
  await expect(panel(page).getByRole('cell', { name: 'items[1].sku' })).toBeVisible()
  await keepScreenshot(page, 'record-json-table')
  await panel(page).getByRole('radio', { name: 'Bytes' }).click()
  await expect(panel(page).getByRole('region')).toContainText('7b 22 69 64')
  await keepScreenshot(page, 'record-json-bytes')

  await visit('topics/record-json?at=0:2')
  await expect(panel(page)).toContainText('Begins like JSON and is none')
})

test('a field narrows what is shown, and becomes a column', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-fields', 1)
  await produce(application, 'record-fields', [{ value: order }, { value: shipped }])
  await visit('topics/record-fields?at=0:0')
  await line(page, 'status').getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Add column' }).click()
  await expect(page.getByRole('columnheader', { name: 'status' })).toBeVisible()
  await line(page, 'status').getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Only this value: paid' }).click()
  await expect(page).toHaveURL(/where=/)
})

test('binary formats are read by their content, and why others fail is told', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-formats', 1)
  await produce(application, 'record-formats', [
    { value: messagePack() },
    { value: cbor() },
    { value: protobuf },
    { value: brokenAvro },
    { value: jsonSchema },
    { value: Buffer.from('00000000000f4240', 'hex') },
    { value: emoji },
    { key: null, value: null },
    { key: '', value: '' },
  ])
  await visit('topics/record-formats?at=0:0')
  await expect(panel(page)).toContainText('Auto: MessagePack')
  await expect(line(page, SNOWFLAKE)).toBeVisible()
  await keepScreenshot(page, 'record-messagepack')

  await visit('topics/record-formats?at=0:1')
  await expect(line(page, '1180591620717411303424')).toBeVisible()
  await keepScreenshot(page, 'record-cbor')

  await visit('topics/record-formats?at=0:2')
  await expect(line(page, 'hello, protobuf')).toBeVisible()
  await panel(page)
    .getByRole('button', { name: /more notes/ })
    .click()
  await expect(panel(page)).toContainText('may be sint 75')
  await keepScreenshot(page, 'record-protobuf')

  await visit('topics/record-formats?at=0:3')
  await expect(panel(page)).toContainText(
    'Avro, Protobuf or JSON Schema value with schema id 42; no schema registry is connected',
  )
  await panel(page)
    .getByRole('button', { name: /decoders tried/ })
    .click()
  await expect(panel(page)).toContainText('at byte 5')
  await keepBoth(page, 'record-avro')
  await panel(page)
    .getByRole('button', { name: /^Decoder/ })
    .click()
  await expect(page.getByRole('option', { name: /MessagePack/ })).toContainText('the value ends')
  await keepBoth(page, 'record-decoders')
  await page.getByRole('option', { name: /Latin-1/ }).click()
  await expect(page).toHaveURL(/vd=latin1/)
  await expect(panel(page)).toContainText('orders')

  await visit('topics/record-formats?at=0:4')
  await expect(panel(page)).toContainText('schema id 7')
  await expect(line(page, 'state')).toBeVisible()

  await visit('topics/record-formats?at=0:5')
  await expect(panel(page)).toContainText('1000000')
  await expect(panel(page)).toContainText('As int64')
  await keepScreenshot(page, 'record-candidates')
  await panel(page).getByRole('button', { name: 'As int64' }).click()
  await expect(page).toHaveURL(/vd=int64/)

  await visit('topics/record-formats?at=0:6')
  await expect(panel(page)).toContainText(emoji)
  await keepScreenshot(page, 'record-emoji')

  await visit('topics/record-formats?at=0:7')
  await expect(panel(page)).toContainText('a tombstone')
  await keepScreenshot(page, 'record-tombstone')
  await visit('topics/record-formats?at=0:8&tab=key')
  await expect(panel(page)).toContainText('Empty: present, with a length of 0 bytes.')
})

test('headers, metadata, and the record as text for elsewhere', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-rest', 1)
  await produce(application, 'record-rest', [
    {
      key: 'k-1',
      value: order,
      headers: { source: 'shop', trace: Buffer.from([0, 1, 255]), empty: '' },
    },
  ])
  await visit('topics/record-rest?at=0:0&tab=headers')
  await panel(page)
    .getByRole('button', { name: /^trace/ })
    .click()
  await expect(panel(page)).toContainText('No decoder fits these bytes.')
  await keepBoth(page, 'record-headers')
  await panel(page).getByRole('tab', { name: 'Metadata' }).click()
  await expect(panel(page)).toContainText('CRC-32C')
  await keepScreenshot(page, 'record-metadata')
  await panel(page).getByRole('button', { name: 'Copy the record as…' }).click()
  await expect(
    page.getByRole('menuitem', { name: 'kcat command that writes it again' }),
  ).toBeVisible()
  await keepScreenshot(page, 'record-copy')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)

  await page.keyboard.press('e')
  await expect(page).toHaveURL(/produce=resend:0:0/)
  await expect(page.locator('.produce')).toContainText('k-1')
  await keepScreenshot(page, 'record-resend')
})

test('the copied curl commands give a shell the record, and its value byte by byte', async ({
  page,
  context,
  visit,
  application,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const name = `record-${'curl'.repeat(20)}`
  await createTopic(application, name, 1)
  const value = Buffer.from('00ff0a27e29c93', 'hex')
  await produce(application, name, [
    { key: 'k-1', value },
    { key: 'gone', value: null },
  ])
  await visit(`topics/${name}?at=0:0`)
  const copied = async (item: string) => {
    await panel(page).getByRole('button', { name: 'Copy the record as…' }).click()
    await expect(page.getByRole('menuitem', { name: item })).toBeVisible()
    await keepBoth(page, 'record-copy-curl')
    await page.getByRole('menuitem', { name: item }).click()
    await expect(page.getByRole('menu')).toHaveCount(0)
    return page.evaluate(() => navigator.clipboard.readText())
  }
  const json = execFileSync('sh', ['-c', await copied('curl command that prints it as JSON')])
  expect(JSON.parse(json.toString())).toMatchObject({
    topic: name,
    offset: 0,
    key: 'k-1',
    value: { $base64: value.toString('base64') },
  })
  const bytes = execFileSync('sh', ['-c', await copied('curl command that prints its value')])
  expect(bytes.equals(value)).toBe(true)

  await visit(`topics/${name}?at=0:1`)
  await panel(page).getByRole('button', { name: 'Copy the record as…' }).click()
  await expect(page.getByRole('menuitem', { name: /prints its value/ })).toBeDisabled()
  await keepScreenshot(page, 'record-copy-curl-tombstone')
})

test('two records are compared field by field', async ({ page, visit, application }) => {
  await createTopic(application, 'record-compare', 1)
  await produce(application, 'record-compare', [
    { key: 'k-1', value: order },
    { key: 'k-2', value: 'other' },
    { key: 'k-1', value: shipped },
  ])
  await visit('topics/record-compare?at=0:0')
  await expect(line(page, 'status')).toBeVisible()
  await page.keyboard.press('c')
  await panel(page).getByRole('button', { name: 'Next with this key' }).click()
  await expect(panel(page).getByRole('region', { name: 'Value' })).toContainText('3 differences')
  await expect(panel(page)).toContainText('carrier')
  await expect(page).toHaveURL(/with=/)
  await keepBoth(page, 'record-compare')

  await panel(page).getByRole('tab', { name: 'Value' }).click()
  await page.keyboard.press(']')
  await expect(panel(page)).toHaveAccessibleName(/:0:2$/)
  await page.keyboard.press(']')
  await expect(panel(page)).toContainText('No later record of this partition has this key')
  await keepScreenshot(page, 'record-by-key')
})

test('a value of 20 MB opens at once and is looked at where one scrolls', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-large', 1, { 'max.message.bytes': '30000000' })
  const value = Buffer.alloc(20_000_000, 'odradek ')
  value.write('END OF IT', value.length - 9)
  await produce(application, 'record-large', [{ value }])
  await visit('topics/record-large')
  await page.locator('.table-row').first().waitFor()
  const startedAt = Date.now()
  await page.locator('.table-row').first().click()
  await expect(panel(page)).toContainText('Decoded: the first')
  test.info().annotations.push({ type: 'open ms', description: `${Date.now() - startedAt}` })
  console.log(`20 MB opened after ${Date.now() - startedAt} ms`)
  await keepScreenshot(page, 'record-20mb')
  await panel(page).getByRole('radio', { name: 'Bytes' }).click()
  await panel(page).getByRole('region').focus()
  await page.keyboard.press('End')
  await expect(panel(page).getByRole('region')).toContainText('END OF IT'.slice(-8))
  await keepScreenshot(page, 'record-20mb-end')
})

test('records of __consumer_offsets are read in Kafka’s names', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-read', 1)
  await produce(application, 'record-read', [{ value: 'one' }])
  const consumer = application.kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic: 'record-read', fromBeginning: true })
  await consumer.run({ eachMessage: async () => {} })
  const admin = application.kafka.admin()
  await admin.connect()
  await expect
    .poll(async () => (await admin.fetchOffsets({ groupId: 'readers' }))[0]?.partitions[0]?.offset)
    .toBe('1')
  await consumer.disconnect()
  await admin.disconnect()
  await visit('topics/__consumer_offsets')
  await page.locator('.table-row').filter({ hasText: 'OffsetCommit' }).first().click()
  await expect(line(page, 'commitTimestamp')).toBeVisible()
  await page.setViewportSize({ width: 1920, height: 1080 })
  await keepScreenshot(page, 'record-consumer-offsets')
})

test('every tab of the panel is accessible, in light and in dark', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'record-axe', 1)
  await produce(application, 'record-axe', [
    { key: 'k', value: order, headers: { a: 'b' } },
    { key: 'k', value: brokenAvro },
  ])
  await visit('topics/record-axe?at=0:0&with=0:1')
  for (const tab of ['Value', 'Key', 'Headers', 'Metadata', 'Compare']) {
    await panel(page).getByRole('tab', { name: tab }).click()
    await expectAccessible(page, { part: '.record', practices: true })
  }
})
