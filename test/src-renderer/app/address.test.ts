import { describe, expect, test } from 'vitest'
import { linkTo } from '../../../src-renderer/app/go-commands.tsx'
import { placeOf } from '../../../src-renderer/app/hash-history.ts'
import { isZone, ZonePreference } from '../../../src-renderer/app/preferences.ts'
import { socketUrl } from '../../../src-renderer/connection/open-client.ts'
import { nameFilter } from '../../../src-renderer/ui/name-filter.ts'

describe('addresses', () => {
  test('a page’s address is apart from the server’s own query', () => {
    expect(placeOf('#/local/topics?q=a', null)).toMatchObject({
      href: '/local/topics?q=a',
      pathname: '/local/topics',
      search: '?q=a',
    })
    expect(placeOf('', null).pathname).toBe('/')
  })

  test('the socket goes where the page came from, with its token', () => {
    expect(socketUrl(new URL('http://127.0.0.1:8092/?token=a%2Bb#/x'))).toBe(
      'ws://127.0.0.1:8092/contract?token=a%2Bb',
    )
  })

  test('a link names the zone of its sender', () => {
    expect(linkTo('http://h/?token=t#/local/topics?q=a', 'Asia/Tokyo')).toBe(
      'http://h/?token=t#/local/topics?q=a&tz=Asia/Tokyo',
    )
    expect(linkTo('http://h/#/local/topics', 'UTC')).toBe('http://h/#/local/topics?tz=UTC')
  })

  test('only a zone that exists is one', () => {
    expect(['UTC', 'local', 'Asia/Tokyo', 'Mars/Base', 7].map(isZone)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  test('the chosen zone is kept', () => {
    new ZonePreference(localStorage).choose('Asia/Tokyo')
    expect(new ZonePreference(localStorage).snapshot()).toBe('Asia/Tokyo')
  })
})

describe('a filter of names', () => {
  test('takes words in any order, or an expression', () => {
    const fits = (text: string, name: string) => {
      const filter = nameFilter(text)
      return filter.type === 'test' && filter.test(name)
    }
    expect(fits('view shop', 'Shop.Page-Views')).toBe(true)
    expect(fits('/^shop\\./', 'shop.orders')).toBe(true)
    expect(fits('/^Shop/', 'shop.orders')).toBe(false)
    expect(nameFilter(' ').type).toBe('all')
    expect(nameFilter('/(/').type).toBe('wrong')
  })
})
