/**
 * A JSON reader that keeps what it reads: numbers as their own digits, keys in their order and as
 * often as they occur, strings as written. `JSON.parse` would round 9007199254740993 and drop the
 * first of two equal keys, and this application shows what is stored.
 */

export type JsonValue =
  | { readonly type: 'object'; readonly entries: readonly JsonEntry[] }
  | { readonly type: 'array'; readonly items: readonly JsonValue[] }
  | { readonly type: 'string'; readonly value: string }
  /** The digits as stored: `1.10` stays `1.10`. */
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'word'; readonly text: 'true' | 'false' | 'null' }

export interface JsonEntry {
  readonly key: string
  readonly value: JsonValue
}

export type JsonReading =
  | { readonly type: 'json'; readonly value: JsonValue }
  | { readonly type: 'not-json'; readonly position: number; readonly reason: string }

/** Deeper nesting than any real document; recursion stops here instead of ending the page. */
export const JSON_DEPTH_MAX = 1_000

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Reads one JSON document. Text that is not JSON is an answer here, not an error. */
export function parseJson(text: string): JsonReading {
  const reader = new Reader(text)
  try {
    return { type: 'json', value: reader.document() }
  } catch (error) {
    // Waits for the reader's own report only; anything else is a bug and passes through.
    if (error instanceof NotJson)
      return { type: 'not-json', position: error.position, reason: error.message }
    throw error
  }
}

/** Writes the document again, indented, every number and string with the value it had. */
export function printJson(value: JsonValue, indent = ''): string {
  const inner = `${indent}  `
  switch (value.type) {
    case 'object': {
      if (value.entries.length === 0) return '{}'
      const lines = value.entries.map(
        entry => `${inner}${JSON.stringify(entry.key)}: ${printJson(entry.value, inner)}`,
      )
      return `{\n${lines.join(',\n')}\n${indent}}`
    }
    case 'array': {
      if (value.items.length === 0) return '[]'
      const lines = value.items.map(item => inner + printJson(item, inner))
      return `[\n${lines.join(',\n')}\n${indent}]`
    }
    case 'string':
      return JSON.stringify(value.value)
    case 'number':
    case 'word':
      return value.text
  }
}

class NotJson extends Error {
  readonly position: number

  constructor(position: number, reason: string) {
    super(reason)
    this.position = position
  }
}

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonValue {
    const value = this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#stop('text after the end of the document')
    return value
  }

  #value(): JsonValue {
    this.#skipSpace()
    const first = this.#text[this.#at]
    switch (first) {
      case '{':
        return this.#object()
      case '[':
        return this.#array()
      case '"':
        return { type: 'string', value: this.#string() }
      case 't':
        return this.#word('true')
      case 'f':
        return this.#word('false')
      case 'n':
        return this.#word('null')
      case undefined:
        throw this.#stop('the text ends too early')
      default:
        return this.#number()
    }
  }

  #enter(): void {
    if (this.#depth === JSON_DEPTH_MAX) throw this.#stop(`nested deeper than ${JSON_DEPTH_MAX}`)
    this.#depth += 1
    this.#at += 1
  }

  #leave(value: JsonValue): JsonValue {
    this.#depth -= 1
    return value
  }

  #object(): JsonValue {
    const entries: JsonEntry[] = []
    this.#enter()
    if (this.#take('}')) return this.#leave({ type: 'object', entries })
    do {
      this.#skipSpace()
      if (this.#text[this.#at] !== '"') throw this.#stop('a key in quotes is missing')
      const key = this.#string()
      if (!this.#take(':')) throw this.#stop('a colon is missing')
      entries.push({ key, value: this.#value() })
    } while (this.#take(','))
    if (!this.#take('}')) throw this.#stop('an object is not closed')
    return this.#leave({ type: 'object', entries })
  }

  #array(): JsonValue {
    const items: JsonValue[] = []
    this.#enter()
    if (this.#take(']')) return this.#leave({ type: 'array', items })
    do items.push(this.#value())
    while (this.#take(','))
    if (!this.#take(']')) throw this.#stop('an array is not closed')
    return this.#leave({ type: 'array', items })
  }

  #string(): string {
    const text = this.#text
    let from = this.#at + 1
    let at = from
    let value = ''
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) break
      if (code === BACKSLASH) {
        this.#at = at
        value += text.slice(from, at) + this.#escape()
        at = from = this.#at
      } else if (code >= SPACE) at += 1
      else {
        // A control character, or the end of the text, which compares as no number.
        this.#at = at
        throw this.#stop('a string is not closed')
      }
    }
    this.#at = at + 1
    return value === '' ? text.slice(from, at) : value + text.slice(from, at)
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#stop('\\u needs four hexadecimal digits')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const meant = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
    if (meant === undefined) throw this.#stop('an unknown escape')
    this.#at += 2
    return meant
  }

  #number(): JsonValue {
    NUMBER.lastIndex = this.#at
    const text = NUMBER.exec(this.#text)?.[0]
    if (text === undefined) throw this.#stop('a value is missing')
    this.#at += text.length
    return { type: 'number', text }
  }

  #word(text: 'true' | 'false' | 'null'): JsonValue {
    if (!this.#text.startsWith(text, this.#at)) throw this.#stop('a value is missing')
    this.#at += text.length
    return { type: 'word', text }
  }

  #take(mark: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== mark) return false
    this.#at += 1
    return true
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== SPACE && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at += 1
    }
  }

  #stop(reason: string): NotJson {
    return new NotJson(this.#at, reason)
  }
}
