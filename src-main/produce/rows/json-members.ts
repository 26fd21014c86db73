/**
 * Where the members of a JSON object lie in its text, so that a value can be sent exactly as it
 * stands: `JSON.parse` would round 9007199254740993. For text that is known to be JSON.
 */

export type JsonMembers = ReadonlyMap<string, string>

/** By name; of equal names the last, as JSON.parse takes it. Null for what is no object. */
export function jsonMembers(text: string): JsonMembers | null {
  let at = afterSpace(text, 0)
  if (text[at] !== '{') return null
  const members = new Map<string, string>()
  at = afterSpace(text, at + 1)
  while (text[at] !== '}') {
    const nameEnd = afterString(text, at)
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    const start = afterSpace(text, afterSpace(text, nameEnd) + 1)
    const end = afterValue(text, start)
    members.set(name, text.slice(start, end))
    at = afterSpace(text, end)
    if (text[at] === ',') at = afterSpace(text, at + 1)
  }
  return members
}

function afterValue(text: string, start: number): number {
  const first = text[start]
  if (first === '"') return afterString(text, start)
  if (first !== '{' && first !== '[') return afterWord(text, start)
  let depth = 0
  let at = start
  do {
    const letter = text[at]
    if (letter === '"') {
      at = afterString(text, at)
      continue
    }
    if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth -= 1
    at += 1
  } while (depth > 0)
  return at
}

function afterString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

const WORD_END = /[,\]}\s]|$/g

function afterWord(text: string, start: number): number {
  WORD_END.lastIndex = start
  return WORD_END.exec(text)!.index
}

function afterSpace(text: string, start: number): number {
  let at = start
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1
  return at
}
