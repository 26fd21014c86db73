/**
 * A piece of text that every match of a regular expression holds, so that a whole batch can be
 * looked through for it first. It reads only what it is sure of and takes everything else for a
 * gap: with an alternative at the top, nothing is required.
 */

export interface RequiredLiteral {
  readonly text: string
  /** A flag inside of the pattern changes what letters mean. */
  readonly caseInsensitive: boolean
}

/** Shorter ones are found in every batch. */
const LENGTH_MIN = 2
const LITERAL_ESCAPES = '\\.+*?()|[]{}^$/-"\'#&@%!~,;:<>= _'

/** Null where no text is sure to be in every match. */
export function requiredLiteral(pattern: string): RequiredLiteral | null {
  // Flags may begin anywhere; extended ones (x) do not exist in RE2, so white space is itself.
  const caseInsensitive = /\(\?[a-zA-Z]*i/.test(pattern)
  let longest = ''
  let run: string[] = []
  const end = () => {
    const text = run.join('')
    if (text.length > longest.length) longest = text
    run = []
  }
  for (let at = 0; at < pattern.length;) {
    const char = String.fromCodePoint(pattern.codePointAt(at)!)
    if (char === '|') return null
    if (char === '*' || char === '?' || char === '{') {
      // What stands before it may not be there at all.
      run.pop()
      end()
      at = char === '{' ? afterBraces(pattern, at) : at + 1
    } else if (char === '+') {
      end()
      at += 1
    } else if (char === '(') {
      end()
      at = afterGroup(pattern, at)
    } else if (char === '[') {
      end()
      at = afterClass(pattern, at)
    } else if (char === '\\') {
      const escaped = pattern[at + 1] ?? ''
      if (escaped === 'Q') return null
      if (LITERAL_ESCAPES.includes(escaped)) run.push(escaped)
      else end()
      at = afterEscape(pattern, at)
    } else if (char === '.' || char === '^' || char === '$' || char === ')') {
      end()
      at += 1
    } else {
      run.push(char)
      at += char.length
    }
  }
  end()
  return longest.length < LENGTH_MIN ? null : { text: longest, caseInsensitive }
}

function afterBraces(pattern: string, at: number): number {
  const close = pattern.indexOf('}', at)
  return close < 0 ? at + 1 : close + 1
}

/** After the group's closing parenthesis; a pattern that has none does not compile anyway. */
function afterGroup(pattern: string, from: number): number {
  let depth = 0
  for (let at = from; at < pattern.length;) {
    const char = pattern[at]
    if (char === '\\') at = pattern[at + 1] === 'Q' ? afterQuote(pattern, at) : at + 2
    else if (char === '[') at = afterClass(pattern, at)
    else {
      if (char === '(') depth += 1
      if (char === ')') depth -= 1
      at += 1
      if (depth === 0) return at
    }
  }
  return pattern.length
}

function afterQuote(pattern: string, at: number): number {
  const close = pattern.indexOf('\\E', at)
  return close < 0 ? pattern.length : close + 2
}

function afterClass(pattern: string, from: number): number {
  let at = from + 1
  if (pattern[at] === '^') at += 1
  // A bracket that comes first is one of the class.
  if (pattern[at] === ']') at += 1
  while (at < pattern.length) {
    const char = pattern[at]
    if (char === '\\') at += 2
    else if (char === '[' && pattern[at + 1] === ':') {
      const close = pattern.indexOf(':]', at)
      at = close < 0 ? at + 1 : close + 2
    } else if (char === ']') return at + 1
    else at += 1
  }
  return at
}

/** Escapes with arguments take them along: `\x{1F600}`, `\x41`, `\pL`, `\p{Greek}`, `\123`. */
function afterEscape(pattern: string, at: number): number {
  const rest = pattern.slice(at)
  const found = /^\\(?:[xpP]\{[^}]*\}|x[0-9a-fA-F]{2}|[pP].|[0-7]{1,3}|.)/su.exec(rest)
  return at + (found?.[0].length ?? 1)
}
