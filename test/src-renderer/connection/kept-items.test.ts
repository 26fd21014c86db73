import { beforeEach, expect, test, vi } from 'vitest'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import { preferenceApi } from '../../../src-main/contract/api/preference.ts'
import { connect } from '../../../src-main/contract/connect.ts'
import type { KeptItem } from '../../../src-main/contract/model/preference.ts'
import { EventHub } from '../../../src-main/contract/event-hub.ts'
import { serve } from '../../../src-main/contract/serve.ts'
import { preferenceHandlers } from '../../../src-main/service/preference-handlers.ts'
import { KeptItems, type FormerPlace } from '../../../src-renderer/connection/kept-items.ts'
import { memoryPorts } from '../../src-main/contract/memory-ports.ts'

const KEY = 'former'

beforeEach(() => localStorage.clear())

/** Pages of one application: of its contract, the part that is asked here. */
function application(): () => ApplicationClient {
  const handlers = preferenceHandlers(null)
  const events = new EventHub<typeof preferenceApi>()
  return () =>
    connect<typeof preferenceApi>({
      open: async () => {
        const [here, there] = memoryPorts()
        serve({ contract: preferenceApi, handlers, events, port: there })
        return here
      },
      wait: () => new Promise(() => {}),
    })
}

const former: FormerPlace = {
  storage: localStorage,
  key: KEY,
  read: text => JSON.parse(text) as readonly KeptItem[],
}

function opened(client: ApplicationClient): KeptItems {
  const items = new KeptItems(client, 'views', former)
  items.open()
  return items
}

const namesOf = (items: KeptItems) => items.snapshot().value?.map(({ name }) => name)

test('what one window keeps is seen in the other', async () => {
  const open = application()
  const [one, other] = [opened(open()), opened(open())]
  expect(await one.keep([{ name: 'a', text: '1' }])).toBeNull()
  await vi.waitFor(() => expect(namesOf(other)).toEqual(['a']))
  expect(await other.remove(['a'])).toBeNull()
  await vi.waitFor(() => expect(namesOf(one)).toEqual([]))
})

test('what a browser kept before is moved once, and gives way to what is newer', async () => {
  const open = application()
  const first = opened(open())
  await first.keep([{ name: 'a', text: 'newer' }])
  const kept = [
    { name: 'a', text: 'old' },
    { name: 'b', text: 'old' },
  ]
  localStorage.setItem(KEY, JSON.stringify(kept))
  const later = opened(open())
  await vi.waitFor(() => expect(localStorage.getItem(KEY)).toBeNull())
  await vi.waitFor(() =>
    expect(later.snapshot().value).toEqual([
      { name: 'a', text: 'newer' },
      { name: 'b', text: 'old' },
    ]),
  )
})

test('what is refused says why, and stays where it was', async () => {
  const open = application()
  const text = JSON.stringify([{ name: '', text: 'a name that is none' }])
  localStorage.setItem(KEY, text)
  const items = opened(open())
  await vi.waitFor(() => expect(namesOf(items)).toEqual([]))
  expect(await items.keep([{ name: '', text: '' }])).toMatchObject({ code: 'INVALID_INPUT' })
  expect(localStorage.getItem(KEY)).toBe(text)
})
