import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeContent } from '../../../src-main/produce/content.ts'
import { compileTemplate } from '../../../src-main/produce/template/compile-template.ts'
import { SeededRandom } from '../../../src-main/produce/template/seeded-random.ts'
import {
  contentDraft,
  contentForm,
  contentOf,
  inKind,
  withLineEnds,
} from '../../../src-renderer/produce/content-form.ts'
import { guessFormat, guessMapping } from '../../../src-renderer/produce/file-mapping.ts'
import { GENERATORS } from '../../../src-renderer/produce/generator-list.ts'
import { EMPTY_FORM, readForm } from '../../../src-renderer/produce/produce-form.ts'
import { readProduce, writeResend } from '../../../src-renderer/produce/produce-search.ts'
import {
  readTemplateFile,
  templateFile,
  templatesIn,
} from '../../../src-renderer/produce/saved-templates.ts'

describe('stored bytes in the form', () => {
  const text = fc.string({ unit: 'grapheme' }).map(each => new TextEncoder().encode(each))

  test('come out as they went in', () => {
    fc.assert(
      fc.property(fc.option(fc.oneof(fc.uint8Array(), text)), bytes => {
        const draft = contentDraft(contentOf(bytes, 'record'))
        const encoded = encodeContent(draft)
        expect(encoded === null ? null : [...encoded]).toEqual(bytes === null ? null : [...bytes])
      }),
    )
  })

  test('are hex where a text area would change them', () => {
    const kindOf = (written: string) => contentOf(new TextEncoder().encode(written), '').kind
    expect(kindOf('a\r\nb\r\n')).toBe('text')
    expect(kindOf('a\r\nb\n')).toBe('hex')
    expect(kindOf('a\u0000b')).toBe('hex')
    expect(kindOf('\ufeffa')).toBe('text')
    expect(kindOf('{"a":1}')).toBe('json')
    expect(withLineEnds('a\nb!\n', 'a\r\nb\r\n')).toBe('a\r\nb!\r\n')
  })

  test('change between text and hex without loss', () => {
    const form = contentForm('text', 'é\n')
    expect(inKind(form, 'hex').text).toBe('c3 a9 0a')
    expect(inKind(inKind(form, 'hex'), 'text')).toEqual(form)
  })
})

describe('the form', () => {
  test('says which fields mean nothing', () => {
    const wrong = {
      ...EMPTY_FORM,
      partition: 'x',
      seed: '',
      timestampKind: 'series' as const,
      timestampText: 'soon',
      stepText: '-1',
    }
    expect(readForm(wrong, 'UTC')).toEqual({
      type: 'faults',
      faults: ['partition', 'seed', 'timestamp', 'step'],
    })
  })

  test('never asks for idempotence without acks all', () => {
    const reading = readForm({ ...EMPTY_FORM, acks: '1' }, 'UTC')
    expect(reading).toMatchObject({ delivery: { acks: '1', idempotent: false } })
  })

  test('reads a moment in the zone that is shown', () => {
    const at = { ...EMPTY_FORM, timestampKind: 'at' as const, timestampText: '2026-01-02 03:04:05' }
    expect(readForm(at, 'UTC')).toMatchObject({
      draft: { timestamp: { type: 'at', timestampMs: BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) } },
    })
  })
})

test('every generator that the menu offers can be filled in', () => {
  const context = {
    index: 1,
    nowMs: 0,
    timestampMs: 0,
    topic: 'orders',
    random: new SeededRandom(1),
    variables: [],
  }
  for (const { entries } of GENERATORS)
    for (const { text } of entries) expect(compileTemplate(text, [])(context), text).not.toBe('')
})

test('the address opens a tab, or a record to send again, and nothing else', () => {
  expect(readProduce('many')).toEqual({ tab: 'many', resend: null })
  const place = { partition: 3, offset: 9_007_199_254_740_993n }
  expect(readProduce(writeResend(place))).toEqual({ tab: 'new', resend: place })
  expect(readProduce('resend:x:1')).toBeNull()
  expect(readProduce(undefined)).toBeNull()
})

test('a file’s columns suggest what becomes of them', () => {
  expect(guessFormat('a.csv', '')).toMatchObject({ type: 'csv' })
  expect(guessFormat('', '{"a":1}')).toEqual({ type: 'ndjson' })
  const exported = ['partition', 'offset', 'timestamp', 'key', 'value', 'headers']
  expect(guessMapping({ type: 'ndjson' }, exported)).toMatchObject({
    key: { type: 'field', name: 'key' },
    value: { type: 'field', name: 'value', encoding: 'json' },
    headersField: 'headers',
    timestampField: 'timestamp',
    partitionField: null,
  })
  expect(guessMapping({ type: 'ndjson' }, ['id', 'total']).value).toEqual({ type: 'whole' })
})

describe('saved templates', () => {
  const form = { ...EMPTY_FORM, value: contentForm('json', '{"a": {{uuid}}}') }

  test('travel as a file', () => {
    const templates = [
      { name: 'a', form: EMPTY_FORM },
      { name: 'b', form },
    ]
    expect(readTemplateFile(templateFile(templates))).toEqual(templates)
  })

  test('keep nothing of a file but its place in the form', () => {
    const content = { name: 'a.bin', content: new Uint8Array([1, 2]) }
    const bytes = { kind: 'bytes' as const, text: '', bytes: content }
    const file = templateFile([{ name: 'a', form: { ...form, key: bytes } }])
    expect(readTemplateFile(file)?.[0]?.form.key).toEqual({ kind: 'empty', text: '', bytes: null })
  })

  test('are refused where a file holds none', () => {
    for (const text of ['', '{}', '[1]', 'null', '{"format":"other","templates":[]}'])
      expect(readTemplateFile(text)).toBeNull()
  })

  test('of another version are read as far as they go, and what is none is left out', () => {
    const items = [
      { name: 'older', text: '{"value":{"kind":"text","text":"x","bytes":null}}' },
      { name: 'broken', text: '{' },
      { name: 'none', text: '3' },
    ]
    expect(templatesIn(items)).toEqual([
      { name: 'older', form: { ...EMPTY_FORM, value: contentForm('text', 'x') } },
    ])
  })
})
