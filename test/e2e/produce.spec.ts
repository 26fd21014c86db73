import { expect, type Page } from '@playwright/test'
import type { KafkaMessage } from 'kafkajs'
import {
  createTopic,
  keepScreenshot,
  keepsOldRecords,
  produce,
  test,
  type RunningApplication,
} from './application.ts'
import { expectAccessible, keepLooks } from './look.ts'

const panel = (page: Page) => page.getByRole('complementary', { name: /^Produce to/ })
const send = (page: Page) => panel(page).getByRole('button', { name: 'Send record' })
const field = (page: Page, name: string) => panel(page).getByLabel(name, { exact: true })

test('a record is written, told where it is, and read back', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'orders', 3)
  await visit('topics/orders')
  // A key that comes before the page does goes nowhere.
  await expect(page.getByRole('button', { name: 'Produce', exact: true })).toBeVisible()
  await page.keyboard.press('p')
  await expect(panel(page)).toBeVisible()
  await expect(page).toHaveURL(/produce=new/)
  await keepScreenshot(page, 'produce-empty')

  await field(page, 'Key').fill('order-17')
  await field(page, 'Value').fill('{"id": 9007199254740993, "total": 12.50}')
  await panel(page).getByRole('button', { name: 'Add header' }).click()
  await field(page, 'Key of header 1').fill('source')
  await field(page, 'Value of header 1').fill('panel')
  await expect(panel(page).getByText('As it would be sent')).toBeVisible()
  await send(page).click()
  await expect(panel(page).getByRole('status')).toHaveText(/^Written to \d:0$/)
  await keepScreenshot(page, 'produce-record')

  await panel(page).getByRole('list').last().getByRole('link').click()
  await expect(page).toHaveURL(/at=\d(:|%3A)0/)
  await expect(page).toHaveURL(/produce=new/)
  await expect(page.getByRole('complementary', { name: /^Record/ })).toBeVisible()
  await keepScreenshot(page, 'produce-read-back')
  const [message] = await messagesOf(application, 'orders', 1)
  expect(message?.value?.toString()).toBe('{"id": 9007199254740993, "total": 12.50}')
  expect(message?.key?.toString()).toBe('order-17')
  expect(message?.headers).toMatchObject({ source: Buffer.from('panel') })
})

test('null, empty and text are chosen, never guessed', async ({ page, visit, application }) => {
  await createTopic(application, 'kinds', 1)
  await visit('topics/kinds?produce=new')
  await field(page, 'Value format').selectOption('Null, tombstone')
  await expect(panel(page).getByText('a null value deletes nothing here')).toBeVisible()
  await send(page).click()
  await expect(panel(page).getByRole('status')).toHaveText('Written to 0:0')
  await field(page, 'Key format').selectOption('Empty, 0 bytes')
  await field(page, 'Value format').selectOption('Empty, 0 bytes')
  // With the keyboard alone.
  await field(page, 'Value').focus()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(panel(page).getByRole('status')).toHaveText('Written to 0:1')
  await field(page, 'Value format').selectOption('Integer, 64 bits')
  await field(page, 'Value').fill('-2')
  await send(page).click()
  await expect(panel(page).getByRole('status')).toHaveText('Written to 0:2')

  const messages = await messagesOf(application, 'kinds', 3)
  expect(messages.map(({ key, value }) => [hex(key), hex(value)])).toEqual([
    [null, null],
    ['', ''],
    ['', 'fffffffffffffffe'],
  ])
})

test('what is wrong is said at its place, and a refusal with its remedy', async ({
  page,
  visit,
  application,
}) => {
  await createCompacted(application, 'latest')
  await visit('topics/latest?produce=new')
  await field(page, 'Value').fill('{"a": {{cuonter}}, ')
  await expect(panel(page).getByText('neither a generator nor a variable is cuonter')).toBeVisible()
  await expect(panel(page).getByText('Is counter meant?')).toBeVisible()
  await panel(page).getByRole('button', { name: 'Show the place' }).click()
  expect(
    await field(page, 'Value').evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    ),
  ).toBe('cuonter')
  await keepScreenshot(page, 'produce-mistake')

  await field(page, 'Value').fill('{"a": 1}')
  await expect(panel(page).getByText('the broker refuses a record without a key')).toBeVisible()
  await send(page).click()
  await expect(
    panel(page).getByText('The topic is compacted: each record needs a key.').first(),
  ).toBeVisible()
  await keepScreenshot(page, 'produce-refused')
})

test('the partition of a key is shown before it is sent', async ({ page, visit, application }) => {
  await createTopic(application, 'spread', 8)
  await visit('topics/spread?produce=new')
  await field(page, 'Value').fill('1')
  await field(page, 'Key').fill('foobar')
  // murmur2("foobar") is -790332482 in Apache Kafka's own tests.
  const java = (-790332482 & 0x7fffffff) % 8
  await expect(panel(page).locator('.produce-by-key')).toContainText(String(java))
  await field(page, 'Partition').fill(String((java + 1) % 8))
  await expect(panel(page).getByText('Records of one key are then in two partitions')).toBeVisible()
  await field(page, 'Partition').fill('8')
  await expect(panel(page).getByText('There is no partition 8')).toBeVisible()
  await field(page, 'Partition').fill('')
  await field(page, 'Partitioner').selectOption('librdkafka, CRC-32')
  await send(page).click()
  await expect(panel(page).getByRole('status')).toHaveText(/^Written to \d:0$/)
})

test('a stored record is edited and sent again byte for byte', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'again', 2)
  await produce(application, 'again', [
    {
      partition: 1,
      key: Buffer.from([0, 255]),
      value: 'line\r\n{{not a template}}',
      headers: { h: 'x' },
    },
  ])
  await visit('topics/again?produce=resend:1:0')
  await expect(panel(page).getByText('Loaded from 1:0')).toBeVisible()
  await expect(field(page, 'Key')).toHaveValue('00 ff')
  await expect(field(page, 'Partition')).toHaveValue('1')
  await keepScreenshot(page, 'produce-resend')
  await send(page).click()
  await expect(panel(page).getByRole('status')).toHaveText('Written to 1:1')
  await field(page, 'Value').press('ControlOrMeta+End')
  await field(page, 'Value').pressSequentially('!')
  await send(page).click()
  await expect(panel(page).getByRole('status')).toHaveText('Written to 1:2')
  const messages = await messagesOf(application, 'again', 3)
  expect(messages.map(({ key, value }) => [hex(key), value?.toString()])).toEqual([
    ['00ff', 'line\r\n{{not a template}}'],
    ['00ff', 'line\r\n{{not a template}}'],
    ['00ff', 'line\r\n{{not a template}}!'],
  ])
})

test('many records come from a template, at a rate, and are stopped', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'many', 3)
  await visit('topics/many?produce=many')
  await panel(page).getByRole('button', { name: 'Add variable' }).click()
  await field(page, 'Key').fill('{{id}}')
  await field(page, 'Value').fill(
    '{"n": {{sequence}}, "id": "{{id}}", "state": "{{choice paid open}}"}',
  )
  await expect(panel(page).getByText('The first 3, as they would be sent')).toBeVisible()
  await panel(page).getByLabel('Records', { exact: true }).fill('20,000')
  await panel(page).getByRole('button', { name: 'Send 20,000 records' }).click()
  await expect(panel(page).getByText('Done')).toBeVisible()
  await expect(panel(page).getByText('20,000 / 20,000')).toBeVisible()
  await keepScreenshot(page, 'produce-many')

  await panel(page).getByLabel('Records', { exact: true }).fill('')
  await panel(page).getByLabel('Records a second').fill('200')
  await panel(page).getByRole('button', { name: 'Send records' }).click()
  await expect(panel(page).getByText('Sending', { exact: true })).toBeVisible()
  await expect(panel(page).locator('.produce-figures dd').first()).not.toHaveText('0')
  await keepScreenshot(page, 'produce-at-a-rate')
  await panel(page).getByRole('button', { name: 'Stop' }).click()
  await expect(panel(page).getByText('Stopped')).toBeVisible()
})

test('a CSV file is mapped, sent, and its broken lines are listed', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'imported', 1, keepsOldRecords)
  await visit('topics/imported?produce=file')
  await keepScreenshot(page, 'produce-file-empty')
  const csv = 'key;value;at;region\nk1;7;2026-01-02T03:04:05Z;north\nk2;eight;;south\n;9;;east\n'
  await panel(page)
    .locator('.produce-source input[type=file]')
    .setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(panel(page).getByRole('columnheader')).toHaveText(['key', 'value', 'at', 'region'])
  await field(page, 'Value format').selectOption('Integer, 32 bits')
  await field(page, 'Timestamp').selectOption('field at')
  await panel(page).getByRole('button', { name: 'Add header' }).click()
  await field(page, 'Value of header 1').selectOption('field region')
  await field(page, 'Key of header 1').fill('region')
  await expect(panel(page).getByText('"eight" is no whole number')).toBeVisible()
  await keepScreenshot(page, 'produce-file')
  await panel(page).getByRole('button', { name: 'Send file' }).click()
  await expect(panel(page).getByText('Done')).toBeVisible()
  await expect(panel(page).locator('.produce-errors')).toContainText('line 3: field value')
  await keepScreenshot(page, 'produce-file-done')

  const messages = await messagesOf(application, 'imported', 2)
  expect(messages.map(({ key, value }) => [key?.toString() ?? null, hex(value)])).toEqual([
    ['k1', '00000007'],
    [null, '00000009'],
  ])
  expect(messages[0]?.timestamp).toBe(String(Date.UTC(2026, 0, 2, 3, 4, 5)))
  expect(messages[0]?.headers?.['region']?.toString()).toBe('north')
})

test('a topic is replayed into another', async ({ page, visit, application }) => {
  await createTopic(application, 'source', 2)
  await createTopic(application, 'target', 1)
  const values = Array.from({ length: 40 }, (_, index) => ({
    value: `v${index}`,
    partition: index % 2,
  }))
  await produce(application, 'source', values)
  await visit('topics/source?produce=replay')
  await field(page, 'To').fill('target')
  await field(page, 'From').selectOption('offset')
  await panel(page).getByRole('textbox', { name: 'From' }).fill('5')
  await panel(page).getByRole('button', { name: 'Replay records' }).click()
  await expect(panel(page).getByText('Done')).toBeVisible()
  await keepScreenshot(page, 'produce-replay')
  expect((await messagesOf(application, 'target', 30)).length).toBe(30)
})

test('a template is kept by its name', async ({ page, visit, application }) => {
  await createTopic(application, 'kept', 1)
  await visit('topics/kept?produce=new')
  await field(page, 'Value').fill('{"n": {{counter 5}}}')
  await panel(page).getByRole('button', { name: 'Templates' }).click()
  await page.getByLabel('Name of this template').fill('Numbers from five')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await visit('topics/kept?produce=new')
  await expect(field(page, 'Value')).toHaveValue('')
  await panel(page).getByRole('button', { name: 'Templates' }).click()
  await keepScreenshot(page, 'produce-templates')
  await page.getByRole('menuitem', { name: 'Numbers from five', exact: true }).click()
  await expect(field(page, 'Value')).toHaveValue('{"n": {{counter 5}}}')
})

test('the panel is accessible, and looked at in light and dark', async ({
  page,
  visit,
  application,
}) => {
  const topic = longName('looks')
  await createTopic(application, topic, 1)
  for (const tab of ['new', 'many', 'file', 'replay']) {
    await visit(`topics/${topic}?produce=${tab}`)
    if (tab === 'new') await field(page, 'Value').fill('{"n": {{sequence}}, "id": "{{uuid}}"}')
    if (tab === 'file') await field(page, 'Pasted records').fill('{"a": 1}\n{"a": 2}')
    const ready = tab === 'new' || tab === 'file' ? '.produce-sample' : '.produce-foot'
    await expect(panel(page).locator(ready).first()).toBeVisible()
    await expectAccessible(page, { part: '.produce', practices: true })
    await keepLooks(page, `produce-${tab}`)
  }
})

test('the panel stays from tab to tab, and closes with Escape', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, longName('wide'), 1)
  await page.setViewportSize({ width: 1920, height: 1080 })
  await visit(`topics/${longName('wide')}?produce=new`)
  await page.getByRole('link', { name: 'Partitions' }).first().click()
  await expect(panel(page)).toBeVisible()
  await keepScreenshot(page, 'produce-wide')
  await field(page, 'Key').focus()
  await page.keyboard.press('Escape')
  await expect(panel(page)).toBeHidden()
})

function longName(first: string): string {
  return `${first}-${'so-long-that-it-does-not-fit-'.repeat(9)}`.slice(0, 240)
}

function hex(bytes: Buffer | null | undefined): string | null {
  return bytes === null || bytes === undefined ? null : bytes.toString('hex')
}

async function createCompacted({ kafka }: RunningApplication, topic: string): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: 'cleanup.policy', value: 'compact' }]
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] })
  await admin.disconnect()
}

/** As kafkajs reads them, in the order of its reading. */
async function messagesOf(
  { kafka }: RunningApplication,
  topic: string,
  count: number,
): Promise<KafkaMessage[]> {
  const messages: KafkaMessage[] = []
  const consumer = kafka.consumer({ groupId: `reads-${topic}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: KafkaMessage }) => {
      messages.push(message)
      if (messages.length === count) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return messages
}
