import { beforeEach, describe, expect, test } from 'vitest'
import {
  SavedViews,
  viewFile,
  viewSearch,
  type SavedView,
} from '../../../../src-renderer/features/messages/views/saved-views.ts'
import { FilterHistory } from '../../../../src-renderer/features/messages/filter/filter-history.ts'
import {
  NO_FILTER,
  readFilter,
} from '../../../../src-renderer/features/messages/query/filter-text.ts'

const search = { from: 'ago:15m', where: 'status = "paid"', cols: 'codec', fields: 'value.status' }

function view(change: Partial<SavedView> = {}): SavedView {
  return { name: 'Paid', type: 'view', topic: 'orders', search, widths: { key: 200 }, ...change }
}

beforeEach(() => localStorage.clear())

describe('saved views', () => {
  test('a view is there again after the page was loaded anew', () => {
    new SavedViews(localStorage).save(view())
    expect(new SavedViews(localStorage).snapshot()).toEqual([view()])
  })

  test('the same name replaces, and a filter of that name is another thing', () => {
    const views = new SavedViews(localStorage)
    views.save(view())
    views.save(view({ topic: 'payments' }))
    views.save(view({ type: 'filter', search: { q: 'x' }, widths: {} }))
    expect(views.snapshot().map(({ type, topic }) => [type, topic])).toEqual([
      ['view', 'payments'],
      ['filter', 'orders'],
    ])
  })

  test('neither what was selected nor one run of a search is saved; of a filter, the filter alone', () => {
    const shown = { ...search, at: '0:1', run: 'search-1', tab: 'key', with: '0:2' }
    expect(viewSearch(shown, 'view')).toEqual(search)
    expect(viewSearch(shown, 'filter')).toEqual({ where: 'status = "paid"' })
  })

  test('a file brings views to another browser', () => {
    const views = new SavedViews(localStorage)
    views.save(view())
    const file = viewFile(views.snapshot())
    localStorage.clear()
    const others = new SavedViews(localStorage)
    others.save(view({ name: 'Own' }))
    expect(others.import(file)).toBe(1)
    expect(others.snapshot().map(({ name }) => name)).toEqual(['Own', 'Paid'])
  })

  test('what is no file of views changes nothing', () => {
    const views = new SavedViews(localStorage)
    for (const text of ['', 'null', '{}', '[1]', '{"kind":"odradek-views"}'])
      expect(views.import(text)).toBeNull()
    expect(
      views.import(
        '{"kind":"odradek-views","views":[{"name":5},null,{"name":"a","topic":"t","search":{"from":"evil","at":"x"}}]}',
      ),
    ).toBe(1)
    expect(views.snapshot()).toEqual([
      { name: 'a', type: 'view', topic: 't', search: {}, widths: {} },
    ])
  })
})

describe('the history of filters', () => {
  test('keeps the latest first, each once, and no empty one', () => {
    const history = new FilterHistory(localStorage)
    const [a, b] = [readFilter({ q: 'a' }), readFilter({ where: 'b = 1' })]
    for (const filter of [a, b, NO_FILTER, a]) history.add(filter)
    expect(history.snapshot()).toEqual([a, b])
    expect(new FilterHistory(localStorage).snapshot()).toEqual([a, b])
  })

  test('a broken one is none', () => {
    localStorage.setItem('odradek.filters', '[{"q":5},7,{"q":"a"}')
    expect(new FilterHistory(localStorage).snapshot()).toEqual([])
    localStorage.setItem('odradek.filters', '[{"q":5},7,{"q":"a"}]')
    expect(new FilterHistory(localStorage).snapshot()).toEqual([readFilter({ q: 'a' })])
  })
})
