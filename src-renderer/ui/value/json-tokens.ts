/**
 * Colours for one line of JSON. The line is often only the beginning of a value, so this looks at
 * marks and never asks whether the whole is well formed.
 */

export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'mark'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
}

const TOKEN =
  /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b|([{}[\],:]+|\s+|[^\s{}[\],:"]+)/g

/** Whether a text is worth colouring: it begins as an object or an array. */
export function looksLikeJson(text: string): boolean {
  const first = text.trimStart()[0]
  return first === '{' || first === '['
}

/** Splits a line into coloured runs; joined again they are the line. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = []
  for (const match of line.matchAll(TOKEN)) {
    const [, quoted, colon, number, word, other] = match
    if (quoted !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: quoted })
      if (colon !== undefined) tokens.push({ kind: 'mark', text: colon })
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else tokens.push({ kind: 'mark', text: other ?? '' })
  }
  return tokens
}
