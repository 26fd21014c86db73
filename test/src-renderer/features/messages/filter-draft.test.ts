import { describe, expect, test } from 'vitest'
import {
  applyDraft,
  chipsOf,
  draftOf,
  draftOfCondition,
  turnTo,
  withoutChip,
  type FilterDraft,
} from '../../../../src-renderer/features/messages/filter/filter-draft.ts'
import {
  NO_FILTER,
  RECORD_PARTS,
  type PageFilter,
} from '../../../../src-renderer/features/messages/query/filter-text.ts'

function draft(change: Partial<FilterDraft>): FilterDraft {
  return { ...draftOf(NO_FILTER), ...change }
}

function applied(change: Partial<FilterDraft>, filter: PageFilter = NO_FILTER): PageFilter {
  const reading = applyDraft(draft(change), filter)
  if (reading.type === 'problem') throw new Error(reading.problem)
  return reading.filter
}

const paid = { part: 'value', path: 'status', operator: 'equals', value: 'paid' } as const

describe('a filter that is being typed', () => {
  test('words are looked for as they are, spaces and all', () => {
    expect(applied({ text: ' two words' }).text).toEqual({
      needle: ' two words',
      mode: 'text',
      caseSensitive: false,
      in: RECORD_PARTS,
    })
  })

  test('an emptied field takes its own part away and no other', () => {
    const before = applied({ kind: 'cel', text: 'value.total > 5' }, applied({ text: 'paid' }))
    expect(applied({ text: '' }, before)).toEqual({ ...before, text: null })
    expect(applied({ kind: 'cel', text: '' }, before)).toEqual({ ...before, expression: '' })
  })

  test('a condition that is typed among words becomes one', () => {
    expect(applied({ text: 'status = "paid"' })).toEqual({ ...NO_FILTER, conditions: [paid] })
  })

  test('the same condition twice is one', () => {
    const once = applied({ kind: 'field', text: 'status=paid' })
    expect(applied({ kind: 'field', text: 'status = "paid"' }, once)).toEqual(once)
  })

  test('a condition that is edited counts until another takes its place, in its place', () => {
    const both = applied({ kind: 'field', text: 'status=paid and total > 5' })
    const editing = draftOfCondition(both, 0)
    expect(editing).toMatchObject({ kind: 'field', text: 'status = "paid"', replaces: 0 })
    const edited = applied({ ...editing, text: 'status = "sent" and x exists' }, both)
    expect(edited.conditions.map(({ path }) => path)).toEqual(['status', 'x', 'total'])
    expect(applied({ ...editing }, both)).toEqual(both)
    expect(applied({ ...editing, text: '' }, both).conditions).toEqual([both.conditions[1]])
  })

  test('what cannot be read is not run', () => {
    expect(applyDraft(draft({ kind: 'field', text: 'status' }), NO_FILTER)).toEqual({
      type: 'problem',
      problem: 'field',
    })
    expect(applyDraft(draft({ kind: 'bytes', text: '0g' }), NO_FILTER)).toEqual({
      type: 'problem',
      problem: 'bytes',
    })
    expect(applyDraft(draft({ kind: 'key', keyForm: 'int32', text: 'x' }), NO_FILTER)).toEqual({
      type: 'problem',
      problem: 'key',
    })
  })

  test('turning to a regular expression and back keeps what was typed', () => {
    const typed = draft({ text: 'a.*b' })
    const turned = turnTo(typed, 'regex', NO_FILTER)
    expect(turned).toEqual({ ...typed, kind: 'regex' })
    expect(turnTo(turned, 'text', NO_FILTER)).toEqual(typed)
  })

  test('every part is either in the field or a chip, and a chip can be taken away', () => {
    const filter: PageFilter = {
      text: { needle: 'x', mode: 'regex', caseSensitive: true, in: ['key'] },
      conditions: [paid],
      expression: 'partition == 1',
      key: { text: 'k', form: 'text', partitioner: 'all' },
      values: 'tombstones',
    }
    expect(draftOf(filter)).toMatchObject({
      kind: 'regex',
      text: 'x',
      caseSensitive: true,
      in: ['key'],
    })
    const chips = chipsOf(filter, 'regex')
    expect(chips.map(chip => chip.type)).toEqual(['condition', 'kind', 'kind', 'values'])
    expect(chips.reduce((rest, chip) => withoutChip(rest, chip), filter)).toEqual({
      ...NO_FILTER,
      text: filter.text,
    })
    expect(chipsOf(filter, 'text').map(chip => chip.type)).toEqual([
      'condition',
      'kind',
      'kind',
      'kind',
      'values',
    ])
  })
})
