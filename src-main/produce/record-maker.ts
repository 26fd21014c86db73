/**
 * A draft made ready to become records: templates compiled, what does not vary encoded once. Pure;
 * the time comes with each record.
 */
import type { ContentDraft, RecordDraft } from '../contract/api/produce.ts'
import type { DraftPlace, DraftProblem } from '../contract/model/produce.ts'
import { ContentError, encodeContent, encodeText, encodingOf, textOf } from './content.ts'
import type { MadeHeader, MadeRecord } from './made-record.ts'
import { compileTemplate, isConstant, type Render } from './template/compile-template.ts'
import type { RenderContext } from './template/generators.ts'
import { TemplateError } from './template/parse-template.ts'
import { SeededRandom } from './template/seeded-random.ts'

/** A draft that cannot become a record, and each place where it cannot. */
export class DraftError extends Error {
  override readonly name = 'DraftError'
  readonly problems: readonly DraftProblem[]

  constructor(problems: readonly DraftProblem[]) {
    super(problems.map(({ problem }) => problem.message).join('; '))
    this.problems = problems
  }
}

export interface RecordMaker {
  /** Whether all records are alike but for their time. */
  readonly constant: boolean
  /** Throws a `DraftError`. `index` counts from zero, one by one. */
  make(index: number, nowMs: number): MadeRecord
}

type Part = Pick<DraftPlace, 'part' | 'index'>
type Encoder = (context: RenderContext) => Uint8Array | null

/** Throws a `DraftError` with everything that is wrong before a record is made. */
export function recordMaker(draft: RecordDraft, topic: string): RecordMaker {
  const problems: DraftProblem[] = []
  const names: string[] = []
  const variables: Render[] = []
  for (const [index, { name, text }] of (draft.template?.variables ?? []).entries()) {
    const part = { part: 'variable', index } as const
    checkName(name, names, part, problems)
    variables.push(collect(part, problems, () => compileTemplate(text, names)) ?? (() => ''))
    names.push(name)
  }
  const templated = draft.template !== null
  const encoder = (content: ContentDraft, part: Part) =>
    collect(part, problems, () => encoderOf(content, part, templated ? names : null)) ??
    (() => null)
  const key = encoder(draft.key, { part: 'key', index: null })
  const value = encoder(draft.value, { part: 'value', index: null })
  const headers = draft.headers.map((header, index) => ({
    key: Buffer.from(header.key),
    value: encoder(header.value, { part: 'header', index }),
  }))
  if (problems.length > 0) throw new DraftError(problems)

  const { timestamp, partition, template } = draft
  const first = template?.first ?? 0
  const context: RenderContext = {
    index: 0,
    nowMs: 0,
    timestampMs: 0,
    topic,
    // Records further on in a series draw other numbers, and the same ones each time.
    random: new SeededRandom((template?.seed ?? 0) ^ Math.imul(first, 0x9e3779b1)),
    variables: names.map(() => ''),
  }
  return {
    constant: !templated || !variesOf(draft),
    make(index, nowMs) {
      context.index = first + index
      context.nowMs = nowMs
      context.timestampMs = timestampOf(timestamp, first + index, nowMs)
      for (let at = 0; at < variables.length; at++) context.variables[at] = variables[at]!(context)
      return {
        key: key(context),
        value: value(context),
        headers: headers.length === 0 ? NO_HEADERS : headersOf(headers, context),
        timestampMs: context.timestampMs,
        partition,
      }
    },
  }
}

const NO_HEADERS: readonly MadeHeader[] = []

function headersOf(
  headers: readonly { readonly key: Uint8Array; readonly value: Encoder }[],
  context: RenderContext,
): readonly MadeHeader[] {
  return headers.map(({ key, value }) => ({ key, value: value(context) }))
}

/** `names` null: braces are only braces. */
function encoderOf(content: ContentDraft, part: Part, names: readonly string[] | null): Encoder {
  const text = textOf(content)
  if (names === null || isConstant(text)) {
    const bytes = encodeContent(content)
    return () => bytes
  }
  const render = compileTemplate(text, names)
  const encoding = encodingOf(content)!
  if (encoding === 'text') return context => Buffer.from(render(context))
  return context => {
    const rendered = render(context)
    try {
      return encodeText(encoding, rendered)
    } catch (error) {
      // Waiting for a template that fills in what its encoding does not allow.
      throw new DraftError([filledIn(draftProblem(error, part), rendered)])
    }
  }
}

/** The place lies in what was filled in, not in the template: so the text is shown. */
function filledIn({ place, problem }: DraftProblem, rendered: string): DraftProblem {
  const around = Math.max((place.at ?? 0) - 30, 0)
  const shown = JSON.stringify(rendered.slice(around, around + 80))
  return {
    place: { ...place, at: null, length: null },
    problem: { ...problem, message: `${problem.message}, filled in as ${shown}` },
  }
}

const MILLISECONDS_MAX = Number.MAX_SAFE_INTEGER

function timestampOf(timestamp: RecordDraft['timestamp'], index: number, nowMs: number): number {
  if (timestamp.type === 'now') return nowMs
  const ms =
    timestamp.type === 'at'
      ? Number(timestamp.timestampMs)
      : Number(timestamp.fromMs) + timestamp.stepMs * index
  if (ms <= MILLISECONDS_MAX) return ms
  throw new DraftError([
    {
      place: { part: 'timestamp', index: null, at: null, length: null },
      problem: { code: 'INVALID_INPUT', message: `the timestamp ${ms} lies beyond any date` },
    },
  ])
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/

function checkName(
  name: string,
  before: readonly string[],
  part: Part,
  problems: DraftProblem[],
): void {
  const message = !NAME.test(name)
    ? `a variable cannot be named ${JSON.stringify(name)}`
    : before.includes(name)
      ? `two variables are named ${name}`
      : null
  if (message === null) return
  const remedy = 'A name begins with a letter and has letters, digits, _, . or -.'
  problems.push({
    place: { ...part, at: null, length: null },
    problem: { code: 'INVALID_INPUT', message, remedy },
  })
}

/** Null where it did not go, and the reason is among the problems. */
function collect<T>(part: Part, problems: DraftProblem[], work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    // Waiting for texts that mean nothing: all of them are told at once.
    problems.push(draftProblem(error, part))
    return null
  }
}

export function draftProblem(error: unknown, part: Part): DraftProblem {
  if (error instanceof DraftError) return error.problems[0]!
  if (!(error instanceof TemplateError) && !(error instanceof ContentError)) throw error
  const { message, at, remedy } = error
  const length = error instanceof TemplateError ? error.length : null
  const problem = { code: 'INVALID_INPUT', message, ...(remedy === null ? {} : { remedy }) }
  return { place: { ...part, at, length }, problem }
}

function variesOf({ key, value, headers }: RecordDraft): boolean {
  return [key, value, ...headers.map(header => header.value)].some(
    content => !isConstant(textOf(content)),
  )
}
