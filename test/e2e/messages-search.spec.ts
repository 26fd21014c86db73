import { expect } from '@playwright/test'
import { createTopic, keepScreenshot, produce, test } from './application.ts'
import { filterField, resultTab, rows, runFilter, scanLine } from './messages-table.ts'
import { produceBatches } from './produce-batches.ts'

const STATUSES = ['placed', 'paid', 'shipped'] as const

function orders(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    key: `customer-${index % 50}`,
    value: JSON.stringify({
      id: index,
      status: STATUSES[index % 3],
      total: index * 1.5,
      customer: { name: `Gregor ${index % 7}` },
    }),
    headers: { trace: `trace-${index}` },
  }))
}

test('a search by text finds every record, and says that it went to the end', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'texts', 3)
  await produce(application, 'texts', orders(600))
  await visit('topics/texts')
  await runFilter(page, 'GREGOR 3')
  await expect(scanLine(page)).toContainText('searched to the end')
  await expect(scanLine(page)).toContainText('86 found')
  await expect(rows(page).first()).toContainText('Gregor 3')

  await page.getByRole('button', { name: 'Match case' }).click()
  await filterField(page).press('Enter')
  await expect(scanLine(page)).toContainText('0 found')
  await expect(page.getByText('No record meets the filter. Everything was searched.')).toBeVisible()

  await runFilter(page, 'trace-599')
  await expect(scanLine(page)).toContainText('1 found')
  await expect(rows(page)).toHaveCount(1)
  // Each is a tab that is still there.
  await expect(resultTab(page, /GREGOR 3/)).toHaveCount(2)
  await resultTab(page, 'Records').click()
  await expect(scanLine(page)).toContainText('600 records')
  await page.goBack()
  await expect(scanLine(page)).toContainText('1 found')
  await keepScreenshot(page, 'search-text')
})

test('conditions are typed with completion, shown as chips and taken away again', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'conditions', 3)
  await produce(application, 'conditions', orders(300))
  await visit('topics/conditions')
  await expect(rows(page).first()).toBeVisible()
  await filterField(page).fill('sta')
  await expect(page.getByRole('option', { name: /^status/ })).toBeVisible()
  await filterField(page).press('Tab')
  await expect(filterField(page)).toHaveValue('status ')
  await filterField(page).fill('status = "paid"')
  await keepScreenshot(page, 'search-completion')
  await filterField(page).press('Enter')
  await expect(scanLine(page)).toContainText('100 found')
  await filterField(page).fill('total > 300')
  await filterField(page).press('Enter')
  await expect(scanLine(page)).toContainText('33 found')
  await expect(page.getByRole('button', { name: 'Remove status = "paid"' })).toBeVisible()
  await keepScreenshot(page, 'search-conditions')
  await page.getByRole('button', { name: 'Remove status = "paid"' }).click()
  await expect(scanLine(page)).toContainText('99 found')
  await page.goBack()
  await expect(scanLine(page)).toContainText('33 found')
})

test('a field of the record panel narrows the search, and becomes a column', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'pointed', 1)
  await produce(application, 'pointed', orders(30))
  await visit('topics/pointed?at=0:29')
  const panel = page.getByRole('complementary', { name: 'Record pointed:0:29' })
  const field = panel.getByRole('treeitem', { name: /^status/ })
  await field.hover()
  await field.getByRole('button').first().click()
  await page.getByRole('menuitem', { name: /column/i }).click()
  await expect(page.getByRole('columnheader', { name: 'status' })).toBeVisible()
  await expect(rows(page).first().getByRole('cell').nth(4)).toHaveText('shipped')
  await field.hover()
  await field.getByRole('button').first().click()
  await page.getByRole('menuitem', { name: /^Only/ }).first().click()
  await expect(scanLine(page)).toContainText('10 found')
  await expect(rows(page)).toHaveCount(10)
  await keepScreenshot(page, 'search-pointed')
})

test('a column that is added to results has its values, of every topic and in every tab', async ({
  page,
  visit,
  application,
}) => {
  for (const topic of ['later', 'later-too']) {
    await createTopic(application, topic, 2)
    await produce(application, topic, orders(120))
  }
  await visit('topics/later?t=later-too')
  await runFilter(page, 'Gregor 1')
  await expect(scanLine(page)).toContainText('34 found')
  await page.getByRole('button', { name: /^Pin/ }).click()
  await runFilter(page, 'Gregor 2')
  await expect(scanLine(page)).toContainText('34 found')
  await page.getByRole('button', { name: 'Columns and copying' }).click()
  await page.getByRole('menuitem', { name: 'Add column…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add column…' })
  await dialog.getByRole('textbox').fill('headers.trace')
  await dialog.getByRole('button', { name: 'Add column' }).click()
  await expect(page.getByRole('columnheader', { name: 'headers.trace' })).toBeVisible()
  // Each row has the trace of its own id; until it was read the cell says that it is being read.
  const expectTraces = () =>
    expect(async () => {
      const texts = await rows(page).allTextContents()
      expect(texts.length).toBeGreaterThan(10)
      for (const text of texts) expect(text).toContain(`trace-${/"id":(\d+)/.exec(text)?.[1]}{`)
    }).toPass()
  await expectTraces()
  await resultTab(page, /Gregor 1/).click()
  await expect(scanLine(page)).toContainText('34 found')
  await expectTraces()
  await keepScreenshot(page, 'search-later-column')
})

test('a header narrows the search as a condition that is edited like any other', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'headed', 1)
  await produce(application, 'headed', orders(30))
  await visit('topics/headed?at=0:29&tab=headers')
  const panel = page.getByRole('complementary', { name: 'Record headed:0:29' })
  await panel.getByRole('button', { name: 'What can be done with trace' }).click()
  await page.getByRole('menuitem', { name: /^Only/ }).first().click()
  await expect(scanLine(page)).toContainText('1 found')
  await keepScreenshot(page, 'search-header')
  await page.getByTitle('Edit headers.trace = "trace-29"').click()
  await expect(filterField(page)).toHaveValue('headers.trace = "trace-29"')
  await filterField(page).fill('headers.trace contains "trace-2"')
  await filterField(page).press('Enter')
  await expect(scanLine(page)).toContainText('11 found')
  await expect(page).toHaveURL(/where=headers.trace/)
})

test('an expression finds what it says, and its mistakes are shown at their place', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'expressions', 2)
  await produce(application, 'expressions', [...orders(200), { key: 'k', value: 'no JSON' }])
  await visit('topics/expressions')
  await runFilter(page, 'value.total > 100 && key == "customer-7"', 'CEL')
  await expect(scanLine(page)).toContainText('2 found')
  await filterField(page).fill('value.total > > 5')
  await expect(page.locator('.filter-problem mark')).toBeVisible()
  await keepScreenshot(page, 'search-expression-error')
  await filterField(page).fill('value.customer.name.size() > 3')
  await filterField(page).press('Enter')
  await expect(scanLine(page)).toContainText('200 found')
  await scanLine(page).getByRole('button', { name: '1 not judged' }).click()
  await expect(page.getByRole('dialog', { name: '1 not judged' })).toContainText(/first at/)
  await keepScreenshot(page, 'search-filter-errors')
})

test('a key is looked for in the partition that it belongs to', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'keys', 6)
  await produce(application, 'keys', orders(600))
  await visit('topics/keys')
  await runFilter(page, 'customer-7', 'Key')
  await expect(scanLine(page)).toContainText('12 found')
  await expect(page.getByText(/in partition \d, by Java/)).toBeVisible()
  await scanLine(page).getByRole('button', { name: '6 partitions' }).click()
  await expect(page.getByRole('cell', { name: 'left out by the key' })).toHaveCount(5)
  await keepScreenshot(page, 'search-key')
})

test('a regular expression that is none says so in words', async ({ page, visit, application }) => {
  await createTopic(application, 'patterns', 1)
  await produce(application, 'patterns', orders(30))
  await visit('topics/patterns')
  await runFilter(page, 'customer-(1|2)$', 'Regex')
  await expect(scanLine(page)).toContainText('2 found')
  await filterField(page).fill('customer-(')
  await filterField(page).press('Enter')
  await expect(page.locator('.filter-problem')).toContainText(/\w/)
  await keepScreenshot(page, 'search-pattern-error')
})

test('a long search is stopped at once and continued to its end', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'endless', 1)
  await produceBatches(application.bootstrap, 'endless', 500)
  await visit('topics/endless')
  await expect(scanLine(page)).toContainText('5,000,000 records')
  await runFilter(page, 'valueText.contains("nothing like this")', 'CEL')
  await expect(scanLine(page)).toContainText(/of 5,000,000/)
  await expect(scanLine(page)).toContainText(/left/)
  await keepScreenshot(page, 'search-running')
  await filterField(page).press('Escape')
  await expect(scanLine(page)).toContainText(/stopped at (< )?\d+ %/)
  await expect(page.getByText(/Nothing found up to (< )?\d+ %/)).toBeVisible()
  await keepScreenshot(page, 'search-stopped')
  await scanLine(page).getByRole('button', { name: 'Continue' }).click()
  await expect(scanLine(page)).toContainText('searched to the end', { timeout: 60_000 })
  await expect(scanLine(page)).toContainText('5,000,000 records')
})

test('results are there again after leaving the page, and gone when they are closed', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'kept', 1)
  await produce(application, 'kept', orders(60))
  await visit('topics/kept')
  await runFilter(page, 'Gregor 1')
  await expect(scanLine(page)).toContainText('9 found')
  await produce(application, 'kept', orders(2))
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(scanLine(page)).toContainText('10 found')
  // The new answer takes the place of the old one.
  await expect(resultTab(page, /Gregor 1/)).toHaveCount(1)
  await page.getByRole('button', { name: /^Pin/ }).click()
  await page.getByRole('link', { name: 'Partitions' }).click()
  await page.getByRole('link', { name: 'Messages' }).click()
  await resultTab(page, /Gregor 1/).click()
  await expect(rows(page)).toHaveCount(10)
  await page.getByRole('button', { name: /^Close “Gregor 1”/ }).click()
  await expect(resultTab(page, /Gregor 1/)).toHaveCount(0)
  await expect(scanLine(page)).toContainText('62 records')
})

test('a live search shows what comes and meets the filter', async ({
  page,
  visit,
  application,
}) => {
  await createTopic(application, 'awaited', 1)
  await produce(application, 'awaited', orders(10))
  await visit('topics/awaited')
  await page.getByRole('button', { name: 'Live' }).click()
  await runFilter(page, 'status = "paid"')
  await expect(page.getByText('Waiting for the first record that meets the filter.')).toBeVisible()
  await produce(application, 'awaited', orders(30))
  await expect(rows(page)).toHaveCount(10)
  await rows(page).nth(4).click()
  await produce(application, 'awaited', orders(6))
  await expect(page.getByRole('button', { name: /2 new/ })).toBeVisible()
  await expect(rows(page)).toHaveCount(10)
  await keepScreenshot(page, 'search-live')
  await page.getByRole('button', { name: /2 new/ }).click()
  await expect(rows(page)).toHaveCount(12)
})
