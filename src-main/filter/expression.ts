/**
 * CEL over decoded records. CEL has no loops but its macros, and those are counted and timed here,
 * so that no expression runs long over one record; it reaches nothing but the record. What is left,
 * one huge string operation, ends with the thread that it runs in.
 */
import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { RE2JS } from 're2js'
import type { Problem } from '../contract/define.ts'
import type { DecoderChoice } from '../contract/model/decode.ts'
import type { ExpressionCheck } from '../contract/model/search.ts'
import { decode } from '../decode/decode.ts'
import { celFromDecoded, celFromJsonBytes, type CelValue } from './cel-values.ts'
import { guardMacros, namesIn, renameCalls } from './expression-tree.ts'
import { RecordProblem } from './filter-errors.ts'
import { bufferOf, mayBeJson, type RecordAtHand } from './record-at-hand.ts'
import { compilePattern, invalid, type RecordTest } from './text-filter.ts'

/** Turns of macros over one record, and the time they may take. */
const TURNS_MAX = 1_000_000
const RECORD_MS_MAX = 200
/** Looking at the clock costs as much as a small turn. */
const TURNS_BETWEEN_LOOKS = 256
const PATTERNS_MAX = 100

/** Names that an expression may use, with their CEL types. */
export const EXPRESSION_VARIABLES = {
  /** Decoded: a map, a list, a string, bytes, or null. */
  key: 'dyn',
  value: 'dyn',
  /** By name, text or bytes; of equal names the last. */
  headers: 'map<string, dyn>',
  /** What a table shows of them, in full. */
  keyText: 'string',
  valueText: 'string',
  topic: 'string',
  partition: 'int',
  offset: 'int',
  timestamp: 'google.protobuf.Timestamp',
  timestampMs: 'int',
  /** In bytes; 0 for null. */
  keySize: 'int',
  valueSize: 'int',
  size: 'int',
  headerCount: 'int',
  tombstone: 'bool',
} as const

export type ExpressionVariable = keyof typeof EXPRESSION_VARIABLES

export interface ExpressionChoices {
  readonly key: DecoderChoice
  readonly value: DecoderChoice
}

/** `matches` of the library backtracks; calls of it are given this name instead. */
const LINEAR_MATCHES = 'matchesLinear'

/** Throws `INVALID_INPUT` with the place in the expression. */
export function expressionTest(
  expression: string,
  choices: ExpressionChoices,
  nowMs: () => number,
): RecordTest {
  const checked = compileExpression(expression, new Meter(nowMs))
  if (checked.type === 'wrong') throw invalid(`expression: ${checked.message}`)
  const { run, meter, names } = checked
  const reads = names.map(name => [name, readers[name]] as const)
  return {
    scout: null,
    test(record) {
      const values: Record<string, CelValue> = {}
      for (const [name, read] of reads) values[name] = read(record, choices)
      meter.begin()
      return truthOf(run, values)
    },
  }
}

/** For while one types. */
export function checkExpression(expression: string): ExpressionCheck {
  const checked = compileExpression(expression, new Meter(() => 0))
  if (checked.type === 'compiled') return { valid: true, problem: null, range: null }
  const problem = { code: 'INVALID_INPUT', message: checked.message }
  return { valid: false, problem, range: checked.range }
}

type Compiled =
  | {
      readonly type: 'compiled'
      readonly run: ParseResult
      readonly meter: Meter
      readonly names: readonly ExpressionVariable[]
    }
  | {
      readonly type: 'wrong'
      readonly message: string
      readonly range: { readonly from: number; readonly to: number } | null
    }

function compileExpression(expression: string, meter: Meter): Compiled {
  try {
    const run = environment().parse(expression)
    renameCalls(run.ast, 'matches', LINEAR_MATCHES)
    const result = run.check()
    if (!result.valid) return wrong(result.error)
    if (result.type !== 'bool' && result.type !== 'dyn')
      return { type: 'wrong', message: `gives ${result.type}, and has to give bool`, range: null }
    guardMacros(run.ast, () => meter.turn())
    return { type: 'compiled', run, meter, names: namesIn(run.ast).filter(isVariable) }
  } catch (error) {
    // Whatever the library throws at an expression means one thing: it is none.
    return wrong(error)
  }
}

function wrong(error: unknown): Compiled {
  const { range } = error as { range?: { readonly start: number; readonly end: number } }
  return {
    type: 'wrong',
    message: summaryOf(error),
    range: range === undefined ? null : { from: range.start, to: range.end },
  }
}

function isVariable(name: string): name is ExpressionVariable {
  return Object.hasOwn(EXPRESSION_VARIABLES, name)
}

/** Made once, and copied by the library for every use. */
let shared: Environment | null = null

function environment(): Environment {
  if (shared !== null) return shared
  const made = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 500, maxDepth: 50, maxListElements: 500, maxMapEntries: 100 },
  })
  for (const [name, type] of Object.entries(EXPRESSION_VARIABLES)) made.registerVariable(name, type)
  const patterns = new Map<string, RE2JS>()
  made.registerFunction(`string.${LINEAR_MATCHES}(string): bool`, (text: string, given: string) => {
    let pattern = patterns.get(given)
    if (pattern === undefined) {
      if (patterns.size >= PATTERNS_MAX) patterns.clear()
      pattern = compilePattern(given, true)
      patterns.set(given, pattern)
    }
    return pattern.test(text)
  })
  return (shared = made)
}

/** Throws a `RecordProblem` where the expression fails on this record. */
function truthOf(run: ParseResult, values: Record<string, CelValue>): boolean {
  let result: unknown
  try {
    result = run(values)
  } catch (error) {
    // Waiting for whatever an expression can do wrong; the search tells of it and goes on.
    throw new RecordProblem(summaryOf(error), { cause: error })
  }
  if (typeof result === 'boolean') return result
  throw new RecordProblem(`the expression gives ${typeOf(result)}, and has to give bool`)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
    default:
      return value instanceof Uint8Array ? 'bytes' : 'map'
  }
}

/** The library's messages draw the place below them, which a line of a list has no room for. */
function summaryOf(error: unknown): string {
  const { summary, problem, message } = error as {
    readonly summary?: string
    readonly problem?: Problem
    readonly message?: string
  }
  const said = summary ?? problem?.message ?? message ?? 'the expression fails'
  const text = said.replace(
    UNEXPECTED,
    (_, token: string) => `${SIGNS[token] ?? token} is not expected here`,
  )
  return (text.split('\n')[0] ?? '').slice(0, 300)
}

const UNEXPECTED = /^Unexpected token: (\w+)/
/** The library's names of signs, which nobody typed. */
const SIGNS: Readonly<Record<string, string>> = {
  EOF: 'the end of the expression',
  EQ: "'=='",
  NE: "'!='",
  GT: "'>'",
  GE: "'>='",
  LT: "'<'",
  LE: "'<='",
  PLUS: "'+'",
  MINUS: "'-'",
  MULTIPLY: "'*'",
  DIVIDE: "'/'",
  MODULO: "'%'",
  AND: "'&&'",
  OR: "'||'",
  NOT: "'!'",
  LPAREN: "'('",
  RPAREN: "')'",
  LBRACKET: "'['",
  RBRACKET: "']'",
  LBRACE: "'{'",
  RBRACE: "'}'",
  COMMA: "','",
  COLON: "':'",
  DOT: "'.'",
  QUESTION: "'?'",
  STRING: 'a string',
  NUMBER: 'a number',
  IDENTIFIER: 'a name',
}

/** Ends macros that take too long over one record. */
class Meter {
  readonly #nowMs: () => number
  #turns = 0
  #endMs = 0
  #over = false

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  begin(): void {
    this.#turns = 0
    this.#over = false
  }

  /** `all` and `exists` catch errors and go on, so from its end on every further turn throws. */
  turn(): void {
    this.#turns++
    if (this.#turns % TURNS_BETWEEN_LOOKS === 1) this.#look()
    if (this.#over) throw new RecordProblem('the expression takes too long over one record')
  }

  #look(): void {
    if (this.#turns === 1) this.#endMs = this.#nowMs() + RECORD_MS_MAX
    else this.#over ||= this.#turns > TURNS_MAX || this.#nowMs() > this.#endMs
  }
}

type Read = (record: RecordAtHand, choices: ExpressionChoices) => CelValue

const readers: Readonly<Record<ExpressionVariable, Read>> = {
  key: (record, { key }) => decodedPart(record, 'key', key),
  value: (record, { value }) => decodedPart(record, 'value', value),
  headers: headersOf,
  keyText: (record, { key }) => decode(record.cursor.key(), key, record.about('key')).text,
  valueText: (record, { value }) =>
    decode(record.cursor.value(), value, record.about('value')).text,
  topic: record => record.topic,
  partition: record => BigInt(record.partition),
  offset: record => record.offset,
  timestamp: record => new Date(Number(record.timestampMs)),
  timestampMs: record => record.timestampMs,
  keySize: ({ cursor }) => BigInt(Math.max(cursor.keyLength, 0)),
  valueSize: ({ cursor }) => BigInt(Math.max(cursor.valueLength, 0)),
  size: ({ cursor }) => BigInt(sizeOf(cursor)),
  headerCount: ({ cursor }) => BigInt(cursor.headerCount),
  tombstone: ({ cursor }) => cursor.valueLength < 0,
}

function decodedPart(record: RecordAtHand, part: 'key' | 'value', choice: DecoderChoice): CelValue {
  const bytes = part === 'key' ? record.cursor.key() : record.cursor.value()
  if (bytes !== null && mayBeJson(record.topic, bytes, choice)) {
    const read = celFromJsonBytes(bufferOf(bytes))
    if (read !== undefined) return read
  }
  return celFromDecoded(decode(bytes, choice, record.about(part)), bytes)
}

function headersOf(record: RecordAtHand): CelValue {
  const map = new Map<string, CelValue>()
  const about = { topic: record.topic, part: 'header' } as const
  for (const { key, value } of record.cursor.headers()) {
    const decoded = decode(value, 'text', about)
    map.set(key, celFromDecoded(decoded, value))
  }
  return map
}

/** Key, value and headers. */
function sizeOf(cursor: RecordAtHand['cursor']): number {
  const headers = cursor.headerCount === 0 ? 0 : cursor.end - cursor.headersStart
  return Math.max(cursor.keyLength, 0) + Math.max(cursor.valueLength, 0) + headers
}
