/** Decoded values in one line, for rows of a table and for lists. */
import type { DecodeAbout, DecodedLine, DecoderChoice } from '../contract/model/decode.ts'
import { beginsJson } from './auto.ts'
import { decode } from './decode.ts'
import { isInternalTopic } from './internal-topics.ts'
import { surveyJson } from './json-bytes.ts'
import { latin1Text, surveyText, utf8Text } from './utf8.ts'

export const LINE_CHARS_MAX = 1_024
/** A character is at most so many bytes of UTF-8. */
const CHAR_BYTES_MAX = 4
/** What a cut can leave of a word, an escape or a character: `fals`, `\u12a` without the last. */
const CUT_BYTES_MAX = 6

interface Cut {
  readonly text: string
  readonly truncated: boolean
}

export interface LineOptions {
  /** 1,024 when not given. */
  readonly charsMax?: number
  /** False where the bytes are the beginning of a value only. JSON and text are known by it. */
  readonly complete?: boolean
}

/**
 * A value in one line of at most `charsMax` characters: JSON without white space, the line ends of
 * text as spaces. It chooses as `decode` does, and tells no reasons.
 */
export function decodeLine(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: DecodeAbout,
  { charsMax = LINE_CHARS_MAX, complete = true }: LineOptions = {},
): DecodedLine {
  if (bytes === null) return { decoder: 'null', form: 'null', text: '', truncated: false }
  if (bytes.length === 0 && complete)
    return { decoder: 'empty', form: 'text', text: '', truncated: false }
  const quick = quickLine(bytes, choice, about, { charsMax, complete })
  if (quick !== null)
    return complete ? quick : { ...quick, text: quick.text.replace(/\ufffd$/, ''), truncated: true }
  // A byte takes three characters: its pair and a space.
  const { decoder, form, text } = decode(bytes, choice, about, Math.ceil(charsMax / 3) + 1)
  const cut = form === 'json' ? minified(text, charsMax) : oneLine(text, charsMax)
  return { decoder, form, text: cut.text, truncated: cut.truncated || !complete }
}

/** JSON and text straight from their bytes, which is what nearly all values are. */
function quickLine(
  bytes: Uint8Array,
  choice: DecoderChoice,
  about: DecodeAbout,
  { charsMax, complete }: Required<LineOptions>,
): DecodedLine | null {
  // An error in the last bytes of a beginning is only its end: of a word, an escape, a character.
  const brokenFrom = complete ? bytes.length + 1 : bytes.length - CUT_BYTES_MAX
  const auto = choice === 'auto'
  if (auto && isInternalTopic(about.topic)) return null
  if (choice === 'json' || (auto && beginsJson(bytes))) {
    const { errorAt, spaced, ascii } = surveyJson(bytes)
    if (errorAt < 0 || errorAt >= brokenFrom) {
      const cut = spaced
        ? minified(ascii ? latin1Text(bytes) : utf8Text(bytes), charsMax)
        : cutBytes(bytes, ascii, charsMax)
      return { decoder: 'json', form: 'json', text: cut.text, truncated: cut.truncated }
    }
  }
  if (choice !== 'text' && !auto) return null
  const { errorAt, ascii } = surveyText(bytes)
  if (errorAt >= 0 && errorAt < brokenFrom) return null
  const { text, truncated } = cutBytes(bytes, ascii, charsMax)
  return { decoder: 'text', form: 'text', text: withoutControls(text), truncated }
}

function cutBytes(bytes: Uint8Array, ascii: boolean, charsMax: number): Cut {
  const bytesMax = ascii ? charsMax : charsMax * CHAR_BYTES_MAX
  const whole = bytes.length <= bytesMax
  const to = whole ? bytes.length : bytesMax
  if (ascii) return { text: latin1Text(bytes, 0, to), truncated: !whole }
  // The end may stand inside a character, which is then past what is kept.
  const cut = cutChars(utf8Text(bytes, 0, to), charsMax)
  return whole ? cut : { text: cut.text, truncated: true }
}

/** Never inside a surrogate pair. */
function cutChars(text: string, charsMax: number): Cut {
  if (text.length <= charsMax) return { text, truncated: false }
  const pair = (text.charCodeAt(charsMax - 1) & 0xfc00) === 0xd800
  return { text: text.slice(0, pair ? charsMax - 1 : charsMax), truncated: true }
}

/** Text in one line. */
export function oneLine(text: string, charsMax = LINE_CHARS_MAX): Cut {
  const cut = cutChars(text, charsMax)
  return { text: withoutControls(cut.text), truncated: cut.truncated }
}

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\t\n\v\f\r]+|[\u0000-\u001f\u007f]/g

/** White space of several lines as one space, other control characters as their pictures. */
function withoutControls(text: string): string {
  if (!CONTROL.test(text)) return text
  return text.replaceAll(CONTROLS, found => {
    const code = found.charCodeAt(0)
    if (code >= 0x09 && code <= 0x0d) return ' '
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code)
  })
}

/** A string of JSON whole (or cut at the end), or a stretch outside of strings without white space. */
const PIECE = /"(?:[^"\\]+|\\.)*(?:"|$)|[^"\s]+/gs

/** JSON that is known to be JSON without the white space between its parts; stops at the limit. */
export function minified(json: string, charsMax = LINE_CHARS_MAX): Cut {
  let text = ''
  PIECE.lastIndex = 0
  for (let piece = PIECE.exec(json); piece !== null; piece = PIECE.exec(json)) {
    text += piece[0]
    if (text.length > charsMax) break
  }
  return cutChars(text, charsMax)
}
