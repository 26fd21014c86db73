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

/** Kafka's terms and other names, which are the same in every language. */
const NAMES = new Set(
  `api apis assignor auto base64 bits broker brokers bytes cbor cel cluster clusters codec controller
  changelogs crc csv double elr epoch float fnv1a go hex hexadecimal host int8 int16 int32 int64 iso isr java javascript
  json kcat lag librdkafka messagepack murmur2 ndjson nul null odradek offline offset offsets online
  python rack regex replay sarama snapshot software standby sticky timestamp timestamps tombstone tombstones
  uint8 uint16 uint32 uint64 uuid __consumer_offsets __transaction_state`.split(/\s+/),
)

/** Said or typed as a whole: names of more than one word, units and examples. */
const SAME = new Set([
  'append time',
  'consistent',
  'CRC-32C',
  'create time',
  'delete horizon (KIP-534)',
  'Earliest',
  'Latest',
  'Leader epoch',
  'Leader epoch {{epoch}}',
  'P',
  'random',
  'round robin',
  'Sarama, FNV-1a',
  '[ {{count}} item ]',
  '15 min',
  '1 h',
  '6 h',
  '24 h',
  '7 d',
  '< 1 s',
  '+{{rate}}/s',
  '−{{rate}}/s',
  'Bytes/s',
  '15 min, 2 h, PT15M',
  '00 2a ff',
  'de ad be ef',
  '3q2+7w==',
  'status = "paid"',
  'value.total > 100',
  'value.total > 100 && key != null',
])

describe.each([['pt', flat(pt)]])('%s', (_language, words) => {
  test('says everything that English says', () => {
    expect([...english].filter(([key]) => !words.has(key))).toEqual([])
  })

  test('leaves nothing in English but names', () => {
    const left = [...words].filter(([key, word]) => word === english.get(key) && !isName(word))
    expect(left).toEqual([])
  })

  test('is written in the same style', () => {
    const drifted = [...words].flatMap(([key, word]) => {
      const source = english.get(key.replace(/_many$/, '_other')) ?? word
      return styleOf(word) === styleOf(source) ? [] : [[key, word, source]]
    })
    expect(drifted).toEqual([])
  })

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

function isName(text: string): boolean {
  const words = text.replaceAll(/\{\{.*?\}\}/g, ' ').match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []
  return SAME.has(text) || words.every(word => NAMES.has(word.toLowerCase()))
}

/** What a translation takes over: how a sentence ends, dashes, marks, code, and how numbers are written. */
function styleOf(text: string): string {
  const ending = /[.:…]?$/.exec(text)![0]
  const marks = text.match(/[…–—·“”≈!?]|\.\.\.|^\s|\s$|\s{2}/g) ?? []
  const code = text.match(/`[^`]*`/g) ?? []
  const numbers = text.match(/\{\{[^}]*,[^}]*\}\}/g) ?? []
  return [ending, ...marks.sort(), ...code.sort(), ...numbers.sort()].join(' ')
}

function placesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]!))].sort()
}
