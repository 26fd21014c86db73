/**
 * Where a field stands in a decoded value, as a person writes it: `order.items[0].id`.
 *
 * Steps are keys, separated by points, and places of arrays in brackets; `[*]` is every place. A
 * key that holds anything but letters, digits, `_`, `-` and `$` is written as a JSON string in
 * brackets: `headers["content.type"]`. The empty path is the whole value, and so is `$`; a leading
 * `$.` is allowed, as in JSONPath.
 */

export type FieldStep =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'place'; readonly place: number }
  | { readonly type: 'each' }

export type FieldPath = readonly FieldStep[]

export type FieldPathReading =
  | { readonly type: 'path'; readonly path: FieldPath }
  | { readonly type: 'not-a-path'; readonly position: number; readonly reason: string }

/** Deeper than anyone's data, and short enough for a condition. */
export const FIELD_STEPS_MAX = 64

const PLAIN_KEY = /^[\p{L}\p{N}_$-]+$/u
const KEY = /[\p{L}\p{N}_$-]+/uy
const QUOTED = /\[("(?:[^"\\]|\\.)*")\]/y
const PLACE = /\[(0|[1-9]\d{0,8})\]/y
const EACH = /\[\*\]/y

export function readFieldPath(text: string): FieldPathReading {
  const path: FieldStep[] = []
  let at = /^\$(?=$|[.[])/.test(text) ? 1 : 0
  const wrong = (reason: string): FieldPathReading => ({ type: 'not-a-path', position: at, reason })
  while (at < text.length) {
    if (path.length === FIELD_STEPS_MAX) return wrong(`more than ${FIELD_STEPS_MAX} steps`)
    if (text[at] === '[') {
      const place = matchAt(PLACE, text, at)
      const quoted = matchAt(QUOTED, text, at)
      const each = matchAt(EACH, text, at)
      const found = place ?? quoted ?? each
      if (found === null) return wrong('brackets hold a place, * or a key in double quotes')
      if (place !== null) path.push({ type: 'place', place: Number(place[1]) })
      else if (quoted !== null) {
        const key = quotedKey(quoted[1] ?? '')
        if (key === null) return wrong('the quoted key is not a JSON string')
        path.push({ type: 'key', key })
      } else path.push({ type: 'each' })
      at += found[0].length
      continue
    }
    if (text[at] === '.') at += 1
    else if (at > 0) return wrong('a point or a bracket is missing')
    const key = matchAt(KEY, text, at)
    if (key === null) return wrong('a key is missing; other characters than letters need ["…"]')
    path.push({ type: 'key', key: key[0] })
    at += key[0].length
  }
  return { type: 'path', path }
}

/** The shortest way to write a path; reading it again gives the same path. */
export function writeFieldPath(path: FieldPath): string {
  let text = ''
  for (const step of path) {
    if (step.type === 'place') text += `[${step.place}]`
    else if (step.type === 'each') text += '[*]'
    else if (!PLAIN_KEY.test(step.key) || (text === '' && step.key === '$'))
      text += `[${JSON.stringify(step.key)}]`
    else text += text === '' ? step.key : `.${step.key}`
  }
  return text
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function quotedKey(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string
  } catch {
    // Waits for the SyntaxError of a bad escape, which is an answer.
    return null
  }
}
