import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileTemplate } from '../../../src-main/produce/template/compile-template.ts'
import { generators, type RenderContext } from '../../../src-main/produce/template/generators.ts'
import { TemplateError } from '../../../src-main/produce/template/parse-template.ts'
import { SeededRandom } from '../../../src-main/produce/template/seeded-random.ts'

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

function context(overrides: Partial<RenderContext> = {}): RenderContext {
  return {
    index: 0,
    nowMs,
    timestampMs: nowMs,
    topic: 'orders',
    random: new SeededRandom(1),
    variables: [],
    ...overrides,
  }
}

function rendered(template: string, overrides?: Partial<RenderContext>): string {
  return compileTemplate(template, [])(context(overrides))
}

function failure(template: string, variables: readonly string[] = []) {
  try {
    compileTemplate(template, variables)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { message, at, length } = error
    return { message, marked: template.slice(at, at + length) }
  }
  return null
}

describe('a template', () => {
  test('without braces is its own text', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !text.includes('{{')),
        text => rendered(text) === text,
      ),
    )
  })

  test('keeps what stands around its expressions, closing braces of JSON among it', () => {
    expect(rendered('{"a":{"n":{{sequence}}}}', { index: 7 })).toBe('{"a":{"n":7}}')
  })

  test('writes two braces when they are quoted', () => {
    expect(rendered("{{'{{'}}name}}")).toBe('{{name}}')
  })

  test('uses variables by name, before generators of the same name', () => {
    const render = compileTemplate('{{id}}-{{id}}-{{word}}', ['id', 'word'])
    expect(render(context({ variables: ['7', 'mine'] }))).toBe('7-7-mine')
  })

  test('applies filters in their order', () => {
    expect(rendered("{{'a\tb' | upper | json}}")).toBe('"A\\tB"')
    expect(rendered('{{sequence | pad 6}}', { index: 42 })).toBe('000042')
  })

  test('gives the same texts for the same seed, and others for another', () => {
    const template = '{{uuid}} {{int 1 1000000}} {{random string 12}} {{first-name}}'
    const render = (seed: number) => rendered(template, { random: new SeededRandom(seed) })
    expect(render(5)).toBe(render(5))
    expect(render(5)).not.toBe(render(6))
  })
})

describe('generators', () => {
  test('count from what they are told, by what they are told', () => {
    const at = (index: number) => rendered('{{sequence}} {{counter}} {{counter 100 -5}}', { index })
    expect([0, 1, 2].map(at)).toEqual(['0 1 100', '1 2 95', '2 3 90'])
  })

  test('keep integers between both ends, and reach both', () => {
    const random = new SeededRandom(3)
    const render = compileTemplate('{{int -1 1}}', [])
    const drawn = new Set(Array.from({ length: 200 }, () => render(context({ random }))))
    expect([...drawn].sort()).toEqual(['-1', '0', '1'])
  })

  test('tell the time in each form, moved where wanted', () => {
    expect(rendered('{{now}}')).toBe(String(nowMs))
    expect(rendered('{{now iso}}')).toBe('2026-01-02T03:04:05.678Z')
    expect(rendered('{{now iso -15m}}')).toBe('2026-01-02T02:49:05.678Z')
    expect(rendered('{{now seconds}} {{now date +1d}}')).toBe('1767323045 2026-01-03')
    expect(rendered('{{timestamp}}', { timestampMs: 12 })).toBe('12')
  })

  test('make UUIDs of version 4', () => {
    const random = new SeededRandom(9)
    const render = compileTemplate('{{uuid}}', [])
    const made = Array.from({ length: 500 }, () => render(context({ random })))
    for (const uuid of made)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(made).size).toBe(500)
  })

  test('choose by weight, and never what weighs nothing', () => {
    const random = new SeededRandom(4)
    const render = compileTemplate("{{weighted paid 9 'on hold' 1 never 0}}", [])
    const counts = new Map<string, number>()
    for (let index = 0; index < 2_000; index++) {
      const text = render(context({ random }))
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['on hold', 'paid'])
    expect(counts.get('paid')! / 2_000).toBeCloseTo(0.9, 1)
  })

  test('keep decimals, means and deviations', () => {
    const random = new SeededRandom(8)
    const render = compileTemplate('{{normal 100 15 2}}', [])
    const values = Array.from({ length: 4_000 }, () => Number(render(context({ random }))))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(mean).toBeCloseTo(100, -0.5)
    expect(Math.sqrt(variance)).toBeGreaterThan(13)
    expect(Math.sqrt(variance)).toBeLessThan(17)
    expect(rendered('{{float 2 3 4}}')).toMatch(/^2\.\d{4}$/)
  })

  test('each render something as their usage writes it', () => {
    for (const { usage } of Object.values(generators))
      for (const [template] of usage.matchAll(/\{\{.*?\}\}/g))
        expect(rendered(template), template).not.toBe('')
  })
})

describe('a mistake', () => {
  test.each([
    ['a {{uuid', '{{ is never closed', '{{'],
    ['a {{}} b', 'nothing stands between the braces', '{{}}'],
    ['{{uuid |}}', 'a bar has nothing beside it', '{{uuid |}}'],
    ["{{choice 'a}}", 'the quotation mark is never closed', "'a}}"],
    ['x {{conter}}', 'neither a generator nor a variable is conter', 'conter'],
    ['{{int 5 2}}', '2 is less than 5', '2'],
    ['{{int 1.5 2}}', '1.5 is no whole number', '1.5'],
    ['{{int 1}}', 'int wants more numbers', 'int'],
    ['{{uuid 3}}', 'uuid takes no 3', '3'],
    ['{{choice}}', 'choice has nothing to choose from', 'choice'],
    [
      '{{now tomorrow}}',
      'tomorrow is neither iso, date, seconds, milliseconds nor a duration such as -15m',
      'tomorrow',
    ],
    ['{{word | shout}}', 'no filter is shout', 'shout'],
    ['{{random emoji 3}}', 'random wants one of string, letters, digits, hex', 'emoji'],
  ])('in %s is named with its place', (template, message, marked) => {
    expect(failure(template)).toEqual({ message, marked })
  })

  test('in a name suggests the one that is like it', () => {
    const remedy = (template: string, variables: readonly string[]) => {
      try {
        compileTemplate(template, variables)
      } catch (error) {
        return error instanceof TemplateError ? error.remedy : null
      }
      return null
    }
    expect(remedy('{{conter}}', [])).toBe('Is counter meant?')
    expect(remedy('{{orderid}}', ['orderId'])).toBe('Is orderId meant?')
    expect(remedy('{{zzzzzzzz}}', [])).toContain('variables')
  })

  test('never ends in anything but a TemplateError', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '|',
      "'",
      '"',
      ' ',
      'uuid',
      'int',
      '1',
      'x',
      '{',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        try {
          compileTemplate(pieces.join(''), ['x'])(context({ variables: ['v'] }))
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError)
        }
      }),
    )
  })
})
