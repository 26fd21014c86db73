/**
 * A template made ready: parsed once, and then filled in for one record after the other. Pure; the
 * same seed and the same moments give the same records.
 */
import { filters, type Filter } from './filters.ts'
import { generators, type Fail, type Render, type RenderContext } from './generators.ts'
import { parseTemplate, TemplateError, type Call, type Expression } from './parse-template.ts'

/** Throws a `TemplateError`. `variables` are the names that may be used, in order. */
export function compileTemplate(text: string, variables: readonly string[]): Render {
  const renders = parseTemplate(text).map((part): Render | string =>
    part.type === 'text' ? part.text : compileExpression(part, variables),
  )
  return join(renders)
}

/** Whether each record comes out alike. */
export function isConstant(text: string): boolean {
  return !text.includes('{{')
}

function compileExpression(expression: Expression, variables: readonly string[]): Render {
  const value = compileValue(expression, variables)
  const applied = expression.filters.map((call): Filter => {
    const filter = Object.hasOwn(filters, call.name.text) ? filters[call.name.text] : undefined
    if (filter === undefined)
      throw new TemplateError(
        `no filter is ${call.name.text}`,
        call.name,
        `Filters are ${Object.keys(filters).join(', ')}.`,
      )
    return filter.compile(call, failOf(call))
  })
  if (applied.length === 0) return value
  return context => applied.reduce((text, filter) => filter(text), value(context))
}

function compileValue(call: Call, variables: readonly string[]): Render {
  const { name } = call
  if (name.quoted) return () => name.text
  const index = variables.indexOf(name.text)
  if (index >= 0) {
    const [extra] = call.arguments
    if (extra !== undefined) throw failOf(call)(`the variable ${name.text} takes nothing`, extra)
    return context => context.variables[index]!
  }
  const generator = Object.hasOwn(generators, name.text) ? generators[name.text] : undefined
  if (generator === undefined) {
    const like = nearest(name.text, [...variables, ...Object.keys(generators)])
    throw new TemplateError(
      `neither a generator nor a variable is ${name.text}`,
      name,
      like === null ? 'Add it to the variables, or choose a generator.' : `Is ${like} meant?`,
    )
  }
  return generator.compile(call, failOf(call))
}

function failOf(call: Call): Fail {
  return (message, word) =>
    new TemplateError(message, word ?? call.name, generators[call.name.text]?.usage ?? null)
}

function join(parts: readonly (Render | string)[]): Render {
  if (parts.length === 0) return () => ''
  if (parts.length === 1) {
    const [only] = parts
    return typeof only === 'string' ? () => only : only!
  }
  return context => {
    let text = ''
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]!
      text += typeof part === 'string' ? part : part(context)
    }
    return text
  }
}

/** The name one typing mistake away, if there is one. */
function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null
  let least = 3
  for (const each of names) {
    const distance = editDistance(name.toLowerCase(), each)
    if (distance < least && distance < each.length) [best, least] = [each, distance]
  }
  return best
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let at = 1; at <= left.length; at++) {
    const next = [at]
    for (let index = 1; index <= right.length; index++)
      next.push(
        Math.min(
          row[index]! + 1,
          next[index - 1]! + 1,
          row[index - 1]! + (left[at - 1] === right[index - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[right.length]!
}

export type { Render, RenderContext }
