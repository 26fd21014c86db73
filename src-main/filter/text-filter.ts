/**
 * Text, bytes and regular expressions in the stored bytes of keys, values and headers. Nothing is
 * decoded: what is searched is what the producer wrote.
 */
import { RE2JS } from 're2js'
import { assertNever } from '../../engine/support/assert.ts'
import { ContractError } from '../contract/define.ts'
import type { TextFilter } from '../contract/model/search.ts'
import type { RecordAtHand } from './record-at-hand.ts'
import { choiceOf, somePart, type PartChoice } from './record-parts.ts'
import { requiredLiteral } from './required-literal.ts'
import { asciiScout, bytesScout, foldCase, isAscii, unicodeScout, type Scout } from './scout.ts'

export interface RecordTest {
  /** Finds places worth a look; null where every record is. */
  readonly scout: Scout | null
  /** `hit` is the first place in the record that the scout named, or -1. */
  test(record: RecordAtHand, hit: number): boolean
}

/** What a pattern may grow to when it is compiled: `(a{1000}){1000}` is refused. */
const PROGRAM_SIZE_MAX = 20_000

/** Throws `INVALID_INPUT` where the needle is no hexadecimal, or the pattern none of RE2's. */
export function textTest(filter: TextFilter): RecordTest {
  const choice = choiceOf(filter.in)
  if (filter.in.length === 0) throw invalid('text is searched in no part of the record')
  switch (filter.mode) {
    case 'bytes':
      return spanTest(bytesScout(hexBytes(filter.needle)), choice)
    case 'text':
      if (filter.caseSensitive) return spanTest(bytesScout(Buffer.from(filter.needle)), choice)
      if (isAscii(filter.needle)) return spanTest(asciiScout(filter.needle), choice)
      return foldedTest(filter.needle, choice)
    case 'regex':
      return regexTest(filter, choice)
    default:
      return assertNever(filter.mode)
  }
}

/** A hit counts where all of it lies in one chosen part. */
function spanTest(scout: Scout, choice: PartChoice): RecordTest {
  const { length } = scout
  return {
    scout,
    test({ cursor }, first) {
      for (let hit = first; hit >= 0 && hit + length <= cursor.end; hit = scout.next(hit + 1))
        if (somePart(cursor, choice, (start, end) => hit >= start && hit + length <= end))
          return true
      return false
    },
  }
}

function foldedTest(needle: string, choice: PartChoice): RecordTest {
  const wanted = foldCase(needle)
  return {
    scout: unicodeScout(needle),
    test: ({ cursor, payload }) =>
      somePart(cursor, choice, (start, end) =>
        foldCase(payload.toString('utf8', start, end)).includes(wanted),
      ),
  }
}

function regexTest({ needle, caseSensitive }: TextFilter, choice: PartChoice): RecordTest {
  const pattern = compilePattern(needle, caseSensitive)
  return {
    scout: regexScout(needle, caseSensitive),
    test: ({ cursor, payload }) =>
      somePart(cursor, choice, (start, end) => pattern.test(payload.subarray(start, end))),
  }
}

/** Throws `INVALID_INPUT` with RE2's reason. */
export function compilePattern(text: string, caseSensitive: boolean): RE2JS {
  const pattern = compiled(text, caseSensitive)
  const size = pattern.programSize()
  if (size > PROGRAM_SIZE_MAX)
    throw invalid(
      `the regular expression is too large: ${size} instructions, ${PROGRAM_SIZE_MAX} at most`,
    )
  return pattern
}

function compiled(text: string, caseSensitive: boolean): RE2JS {
  try {
    return RE2JS.compile(text, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE)
  } catch (error) {
    // Whatever the library throws at a pattern means one thing: it is none of RE2's.
    const reason = error instanceof Error ? error.message : String(error)
    throw invalid(`regular expression: ${reason}`, unsupported(text), { cause: error })
  }
}

/** People bring patterns from engines that backtrack. */
function unsupported(text: string): string | undefined {
  if (/\(\?(?:[=!]|<[=!])/.test(text))
    return 'RE2 has no look-ahead and no look-behind, since it never backtracks.'
  if (/\\[1-9]/.test(text)) return 'RE2 has no back-references, since it never backtracks.'
  return undefined
}

function regexScout(needle: string, caseSensitive: boolean): Scout | null {
  const required = requiredLiteral(needle)
  if (required === null) return null
  const { text, caseInsensitive } = required
  if (caseSensitive && !caseInsensitive) return bytesScout(Buffer.from(text))
  if (!isAscii(text)) return null
  // RE2 folds k with the Kelvin sign and s with the long s: stretches without them are sure.
  const sure = text.split(/[ks]/i).reduce((best, each) => (each.length > best.length ? each : best))
  return sure.length < 2 ? null : asciiScout(sure)
}

/** Throws `INVALID_INPUT`. */
export function hexBytes(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '').replaceAll(/[\s:]/g, '')
  if (digits === '' || digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits))
    throw invalid(`bytes are pairs of hexadecimal digits, as 00 2a ff, not ${JSON.stringify(text)}`)
  return Buffer.from(digits, 'hex')
}

export function invalid(message: string, remedy?: string, options?: ErrorOptions): ContractError {
  const problem = { code: 'INVALID_INPUT', message, ...(remedy === undefined ? {} : { remedy }) }
  return new ContractError(problem, options)
}
