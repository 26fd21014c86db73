/**
 * Reads a template: text with `{{…}}` in it. Pure.
 *
 *     Order {{sequence}} for {{choice Ann Bob 'Mary Ann'}} at {{now iso | json}}
 *
 * Inside the braces: a generator or a variable, its arguments apart by white space (quoted with
 * ' or " where they hold some), then filters after bars. `{{'{{'}}` writes two braces.
 */

export interface Text {
  readonly type: 'text'
  readonly text: string
}

export interface Expression {
  readonly type: 'expression'
  readonly name: Word
  readonly arguments: readonly Word[]
  readonly filters: readonly Call[]
  /** Of the braces. */
  readonly at: number
  readonly length: number
}

export interface Call {
  readonly name: Word
  readonly arguments: readonly Word[]
}

export interface Word {
  readonly text: string
  readonly quoted: boolean
  readonly at: number
  readonly length: number
}

export type Part = Text | Expression

/** A mistake in a template: what, and where it is, in UTF-16 units. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly at: number
  readonly length: number
  readonly remedy: string | null

  constructor(
    message: string,
    place: { readonly at: number; readonly length: number },
    remedy: string | null = null,
  ) {
    super(message)
    this.at = place.at
    this.length = place.length
    this.remedy = remedy
  }
}

/** Throws a `TemplateError`. */
export function parseTemplate(text: string): readonly Part[] {
  const parts: Part[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf('{{', at)
    if (open < 0) break
    if (open > at) parts.push({ type: 'text', text: text.slice(at, open) })
    const { tokens, end } = readTokens(text, open)
    parts.push(expressionOf(tokens, { at: open, length: end - open }))
    at = end
  }
  if (at < text.length) parts.push({ type: 'text', text: text.slice(at) })
  return parts
}

type Token = Word | 'bar'

function readTokens(text: string, open: number): { tokens: Token[]; end: number } {
  const tokens: Token[] = []
  let at = open + 2
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    const letter = text[at]
    if (letter === undefined) throw unclosed(open)
    if (text.startsWith('}}', at)) return { tokens, end: at + 2 }
    if (letter === '|') {
      tokens.push('bar')
      at += 1
      continue
    }
    const word = letter === "'" || letter === '"' ? readQuoted(text, at) : readWord(text, at)
    if (word === null) throw unclosed(open)
    tokens.push(word)
    at += word.length
  }
}

function readQuoted(text: string, at: number): Word {
  const close = text.indexOf(text[at]!, at + 1)
  if (close < 0)
    throw new TemplateError('the quotation mark is never closed', { at, length: text.length - at })
  return { text: text.slice(at + 1, close), quoted: true, at, length: close + 1 - at }
}

function readWord(text: string, at: number): Word | null {
  const found = /^(?:(?!\}\})[^\s|'"])+/.exec(text.slice(at, at + 4_096))
  if (found === null) return null
  return { text: found[0], quoted: false, at, length: found[0].length }
}

function unclosed(open: number): TemplateError {
  return new TemplateError(
    '{{ is never closed',
    { at: open, length: 2 },
    "Close it with }}, or write {{'{{'}} for the two braces themselves.",
  )
}

function expressionOf(
  tokens: readonly Token[],
  place: { readonly at: number; readonly length: number },
): Expression {
  const calls: Word[][] = [[]]
  for (const token of tokens)
    if (token === 'bar') calls.push([])
    else calls.at(-1)!.push(token)
  const [first, ...filters] = calls.map(words => {
    const [name, ...rest] = words
    if (name === undefined)
      throw new TemplateError(
        calls.length === 1 ? 'nothing stands between the braces' : 'a bar has nothing beside it',
        place,
        'Name a generator, as in {{uuid}}, or a variable.',
      )
    return { name, arguments: rest }
  })
  return { type: 'expression', ...first!, filters, ...place }
}
