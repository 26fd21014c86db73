/** Conditions on one field of a decoded key or value, and on headers. */
import { assertNever } from '../../engine/support/assert.ts'
import { readFieldPath, type FieldPath } from '../contract/field-path.ts'
import type { DecoderChoice } from '../contract/model/decode.ts'
import type { FieldCondition } from '../contract/model/search.ts'
import { hexPairs } from '../decode/binary.ts'
import { fieldsOf, jsonFields, type FieldValue } from '../decode/field.ts'
import { minified } from '../decode/line.ts'
import { surveyJson } from '../decode/json-bytes.ts'
import { readText } from '../decode/text.ts'
import { decimalComparer } from './decimal.ts'
import { mayBeJson, type RecordAtHand } from './record-at-hand.ts'
import { bytesScout } from './scout.ts'
import { invalid, type RecordTest } from './text-filter.ts'

type FieldTest = (field: FieldValue) => boolean

/** Throws `INVALID_INPUT` where the path cannot be read, or a value is missing. */
export function conditionTest(
  condition: FieldCondition,
  choices: { readonly key: DecoderChoice; readonly value: DecoderChoice },
): RecordTest {
  const { part } = condition
  if (part === 'header') return headerTest(condition)
  const reading = readFieldPath(condition.path)
  if (reading.type === 'not-a-path')
    throw invalid(`path ${JSON.stringify(condition.path)}: ${reading.reason}`)
  const { path } = reading
  const choice = choices[part]
  const { test, opposite } = operatorTest(condition)
  return {
    scout: null,
    test: record => someField(record, part, choice, path, test) !== opposite,
  }
}

/** Headers are text for nearly everyone; what is none is compared as hexadecimal pairs. */
function headerTest(condition: FieldCondition): RecordTest {
  const { test, opposite } = operatorTest(condition)
  const name = Buffer.from(condition.path)
  return {
    // Its name stands in the batch as it is. A record without it meets the opposite.
    scout: opposite || name.length === 0 ? null : bytesScout(name),
    test: ({ cursor }) => {
      const passes =
        cursor.headerCount > 0 &&
        cursor
          .headers()
          .some(({ key, value }) => key === condition.path && test(headerField(value)))
      return passes !== opposite
    },
  }
}

function headerField(value: Uint8Array | null): FieldValue {
  if (value === null) return { type: 'null', text: 'null' }
  const reading = readText(value)
  return { type: 'string', text: reading.type === 'read' ? reading.text : hexPairs(value) }
}

/**
 * Whether a field of the record passes. JSON is not checked as a whole before its field is looked
 * at: most records fail the condition, and only one that passes has to prove that it is JSON.
 */
function someField(
  record: RecordAtHand,
  part: 'key' | 'value',
  choice: DecoderChoice,
  path: FieldPath,
  test: FieldTest,
): boolean {
  const { cursor } = record
  const bytes = part === 'key' ? cursor.key() : cursor.value()
  if (bytes === null || bytes.length === 0) return false
  // The empty path is the whole, which text has too.
  if (path.length > 0 && mayBeJson(record.topic, bytes, choice)) {
    if (!looselyPasses(bytes, path, test)) return false
    if (surveyJson(bytes).errorAt < 0) return true
  }
  return fieldsOf(bytes, choice, record.about(part), path).some(test)
}

function looselyPasses(bytes: Uint8Array, path: FieldPath, test: FieldTest): boolean {
  try {
    return jsonFields(bytes, path).some(test)
  } catch (error) {
    // Waits for the SyntaxError of a bad escape: then it is no JSON, and is judged as what it is.
    if (error instanceof SyntaxError) return true
    throw error
  }
}

interface OperatorTest {
  readonly test: FieldTest
  /** The condition holds where no field passes. */
  readonly opposite: boolean
}

function operatorTest({ operator, value, path }: FieldCondition): OperatorTest {
  if (operator === 'exists') return { test: () => true, opposite: false }
  if (operator === 'missing') return { test: () => true, opposite: true }
  if (value === undefined)
    throw invalid(`condition ${operator} on ${JSON.stringify(path)} has no value to compare with`)
  switch (operator) {
    case 'equals':
      return { test: equalTest(value), opposite: false }
    case 'not-equals':
      return { test: equalTest(value), opposite: true }
    case 'contains':
      return { test: ({ text }) => text.includes(value), opposite: false }
    case 'not-contains':
      return { test: ({ text }) => text.includes(value), opposite: true }
    case 'less':
      return { test: orderTest(value, order => order < 0), opposite: false }
    case 'at-most':
      return { test: orderTest(value, order => order <= 0), opposite: false }
    case 'greater':
      return { test: orderTest(value, order => order > 0), opposite: false }
    case 'at-least':
      return { test: orderTest(value, order => order >= 0), opposite: false }
    default:
      return assertNever(operator)
  }
}

function equalTest(value: string): FieldTest {
  const compare = decimalComparer(value)
  const compact = minified(value, value.length).text
  return ({ type, text }) => {
    if (text === value) return true
    if (type === 'number') return compare !== null && compare(text) === 0
    if (type !== 'object' && type !== 'array') return false
    return minified(text, text.length).text === compact
  }
}

/** By number where both are numbers, else by character where the field is a string. */
function orderTest(value: string, holds: (order: number) => boolean): FieldTest {
  const compare = decimalComparer(value)
  return ({ type, text }) => {
    if (type !== 'number' && type !== 'string') return false
    const order = compare?.(text) ?? null
    if (order !== null) return holds(order)
    if (type === 'number' || compare !== null || text === value)
      return holds(text === value ? 0 : NaN)
    return holds(text < value ? -1 : 1)
  }
}
