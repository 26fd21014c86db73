import { describe, expect, test } from 'vitest'
import { en } from '../../../src-renderer/i18n/en.ts'
import { chosenLanguage } from '../../../src-renderer/i18n/languages.ts'
import { withMany, type Words } from '../../../src-renderer/i18n/plurals.ts'
import { pt } from '../../../src-renderer/i18n/pt.ts'

const stored = (language: string | null) => ({ getItem: () => language })

test('the reader’s choice comes first, then the browser’s languages, then English', () => {
  expect(chosenLanguage(stored('pt'), ['en-GB'])).toBe('pt')
  expect(chosenLanguage(stored(null), ['de-DE', 'pt-BR', 'en-US'])).toBe('pt')
  expect(chosenLanguage(stored('xx'), ['de-DE'])).toBe('en')
})

test('round millions are counted like other numbers', () => {
  expect(withMany({ a: { b_one: '1', b_other: 'n' }, c: 'c' })).toEqual({
    a: { b_one: '1', b_other: 'n', b_many: 'n' },
    c: 'c',
  })
})

const english = flat(en)

describe.each([['pt', flat(pt)]])('%s', (_language, words) => {
  test('says nothing that English does not say', () => {
    const known = new Set(english.keys())
    const strays = [...words.keys()].filter(key => !known.has(key.replace(/_many$/, '_other')))
    expect(strays).toEqual([])
  })

  test('fills the same places in every sentence', () => {
    for (const [key, word] of words) {
      const source = english.get(key.replace(/_many$/, '_other'))
      // A singular may leave its number out.
      const places = placesIn(word).filter(place => place !== 'count')
      expect([key, places]).toEqual([key, placesIn(source ?? '').filter(p => p !== 'count')])
    }
  })
})

function flat(words: Words, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, word]) =>
      typeof word === 'string' ? [[path + key, word] as const] : [...flat(word, `${path}${key}.`)],
    ),
  )
}

function placesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]!))].sort()
}
