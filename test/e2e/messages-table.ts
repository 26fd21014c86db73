/** What the tests of the Messages page read off its table. */
import type { Locator, Page } from '@playwright/test'

/** The drawn rows of the table of records, without its heading. */
export function rows(page: Page): Locator {
  return page.getByRole('table', { name: /^Records of/ }).locator('[role=rowgroup] [role=row]')
}

/** The line that says how much is shown, or how far a search is. */
export function scanLine(page: Page): Locator {
  return page.locator('.scan')
}

/** The tab of a search by its words, or `Records`; not the acts beside it. */
export function resultTab(page: Page, words: string | RegExp): Locator {
  const tabs = page.getByRole('navigation', { name: 'Records and searches' })
  return tabs.locator('.result').filter({ hasText: words })
}

export function filterField(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Filter' })
}

/** Types a filter of a kind and runs it. */
export async function runFilter(page: Page, text: string, kind = 'Text'): Promise<void> {
  await chooseKind(page, kind)
  await filterField(page).fill(text)
  await filterField(page).press('Enter')
}

export async function chooseKind(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: /^Kind of filter/ }).click()
  await page
    .getByRole('dialog', { name: 'Kind of filter' })
    .getByRole('button', { name: new RegExp(`^${kind} `) })
    .click()
}

/** The first row that is wholly in view: a few above it are drawn ahead of the scrolling. */
export function topRow(page: Page): Promise<{ offset?: string; value?: string }> {
  return page.getByRole('table', { name: /^Records of/ }).evaluate(table => {
    const body = table.querySelector('[role=rowgroup]')?.closest('.table-body') ?? table
    const drawn = [...table.querySelectorAll('[role=rowgroup] [role=row]')]
    const heading = table.querySelector('[role=columnheader]')?.getBoundingClientRect().bottom ?? 0
    const top = Math.max(body.getBoundingClientRect().top, heading) - 2
    const row = drawn
      .map(element => ({ element, at: element.getBoundingClientRect().top }))
      .filter(({ at }) => at >= top)
      .toSorted((a, b) => a.at - b.at)[0]?.element
    const cells = [...(row?.querySelectorAll('[role=cell]') ?? [])]
    return { offset: cells[1]?.textContent ?? '', value: cells[4]?.textContent ?? '' }
  })
}
