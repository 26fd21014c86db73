import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { KeptItem } from '../../../../src-main/contract/model/preference.ts'
import {
  readViewFile,
  SavedViews,
  viewFile,
  viewSearch,
  viewsIn,
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

/** The application, as far as it keeps things. */
function keeper() {
  const kept = new Map<string, KeptItem>()
  let tell: (items: readonly KeptItem[]) => void = () => {}
  const items = () => [...kept.values()]
  const client = {
    async call(name: string, input: { items: readonly KeptItem[]; names: readonly string[] }) {
      if (name === 'preference.keep') for (const item of input.items) kept.set(item.name, item)
      else for (const each of input.names) kept.delete(each)
      tell(items())
      return null
    },
    stream(_: string, _input: unknown, reader: { onItem(items: readonly KeptItem[]): void }) {
      tell = given => reader.onItem(given)
      tell(items())
      return () => undefined
    },
  }
  return client as unknown as ApplicationClient
}

function opened(client: ApplicationClient): SavedViews {
  const views = new SavedViews(client, localStorage)
  views.open()
  return views
}

const shown = (views: SavedViews) => viewsIn(views.snapshot().value ?? [])

describe('saved views', () => {
  test('a view is there again in another window', async () => {
    const client = keeper()
    await opened(client).save([view()])
    expect(shown(opened(client))).toEqual([view()])
  })

  test('the same name replaces, and a filter of that name is another thing', async () => {
    const views = opened(keeper())
    await views.save([view()])
    await views.save([view({ topic: 'payments' })])
    await views.save([view({ type: 'filter', search: { q: 'x' }, widths: {} })])
    expect(shown(views).map(({ type, topic }) => [type, topic])).toEqual([
      ['view', 'payments'],
      ['filter', 'orders'],
    ])
    await views.forget(view())
    expect(shown(views).map(({ type }) => type)).toEqual(['filter'])
  })

  test('neither what was selected nor one run of a search is saved; of a filter, the filter alone', () => {
    const search1 = { ...search, at: '0:1', run: 'search-1', tab: 'key', with: '0:2' }
    expect(viewSearch(search1, 'view')).toEqual(search)
    expect(viewSearch(search1, 'filter')).toEqual({ where: 'status = "paid"' })
  })

  test('a file brings views to another application', async () => {
    const file = viewFile([view()])
    const others = opened(keeper())
    await others.save([view({ name: 'Own' })])
    await others.save(readViewFile(file) ?? [])
    expect(shown(others).map(({ name }) => name)).toEqual(['Own', 'Paid'])
  })

  test('what an earlier version kept in the browser is moved, and what is newer stays', async () => {
    const client = keeper()
    await opened(client).save([view({ topic: 'newer' })])
    localStorage.setItem('odradek.views', JSON.stringify([view(), view({ name: 'Old' })]))
    const views = opened(client)
    await vi.waitFor(() => expect(localStorage.getItem('odradek.views')).toBeNull())
    expect(shown(views).map(({ name, topic }) => [name, topic])).toEqual([
      ['Old', 'orders'],
      ['Paid', 'newer'],
    ])
  })

  test('what is no file of views has none, and nothing of a foreign one is trusted', () => {
    for (const text of ['', 'null', '{}', '[1]', '{"kind":"odradek-views"}'])
      expect(readViewFile(text)).toBeNull()
    expect(
      readViewFile(
        '{"kind":"odradek-views","views":[{"name":5},null,{"name":"a","topic":"t","search":{"from":"evil","at":"x"}}]}',
      ),
    ).toEqual([{ name: 'a', type: 'view', topic: 't', search: {}, widths: {} }])
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
