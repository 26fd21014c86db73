import { expect } from '@playwright/test'
import { createTopic, produce, test } from './application.ts'
import { expectAccessible } from './look.ts'

const topic = 'accessible'

/** Every page, in the state in which it shows most. */
const pages = [
  'overview',
  'topics',
  `topics/${topic}`,
  `topics/${topic}?at=0:1`,
  `topics/${topic}/partitions`,
  `topics/${topic}/groups`,
  `topics/${topic}/configuration`,
  `topics/${topic}/storage?segment=0&at=0`,
  'groups',
  'brokers',
  'brokers/1',
  'brokers/1?tab=replicas',
  'brokers/1?tab=connections',
  'broker-defaults',
  'wire?own=1',
]

test.beforeAll(async ({ application }) => {
  await createTopic(application, topic, 1)
  await produce(application, topic, [
    { key: 'a', value: '{"id": 9007199254740993, "state": "paid"}', headers: { trace: 'x' } },
    { key: 'b', value: null },
  ])
})

for (const path of pages)
  test(`${path} has no fault that axe finds, in light and in dark`, async ({ page, visit }) => {
    await visit(path)
    await expect(page.locator('h1').first()).toBeVisible()
    await expect(page.getByRole('status').filter({ hasText: /Reading|Waiting/ })).toHaveCount(0)
    await expectAccessible(page, { part: null, practices: true })
  })
