/**
 * One record as one line of JSON. JSON and text, which nearly all values are, go from the record
 * into the file without becoming strings; what remains is decoded as everywhere else.
 */
import type { DecodeAbout, DecoderChoice } from '../contract/model/decode.ts'
import { beginsJson } from '../decode/auto.ts'
import { decode } from '../decode/decode.ts'
import { isInternalTopic } from '../decode/internal-topics.ts'
import { surveyJson } from '../decode/json-bytes.ts'
import { minified } from '../decode/line.ts'
import { surveyText } from '../decode/utf8.ts'
import type { FilterBatch } from '../filter/filter-batch.ts'
import type { RecordAtHand } from '../filter/record-at-hand.ts'
import type { ByteOutput } from './byte-output.ts'
import { base64, IsoTimes } from './record-parts.ts'
import type { WriterOptions } from './record-writer.ts'

/** What stands in every line, as bytes: a short text costs more than it seems. */
const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const OPEN = bytesOf('{')
const CLOSE = bytesOf('}')
const QUOTE = bytesOf('"')
const NULL = bytesOf('null')
const KEY = bytesOf('"key":')
const VALUE = bytesOf(',"value":')
const HEADERS = bytesOf(',"headers":')
const NO_HEADERS = bytesOf('[]')
const TIMESTAMP = bytesOf(',"timestamp":"')
const NO_TIMESTAMP = bytesOf(',"timestamp":null,"timestampMs":')
const TIMESTAMP_MS = bytesOf('","timestampMs":')
const COMMA = bytesOf(',')

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

export class JsonLines {
  readonly #options: WriterOptions
  readonly #times = new IsoTimes()
  /** Of the batch that was written last: `"topic":…,"partition":…,"offset":`, and its base offset. */
  #batch: FilterBatch | null = null
  #place: Uint8Array = OPEN
  #baseOffset = 0

  constructor(options: WriterOptions) {
    this.#options = options
  }

  write(record: RecordAtHand, out: ByteOutput): void {
    const { layout, decoders } = this.#options
    const { cursor } = record
    out.copy(OPEN)
    if (layout.metadata) this.#metadata(record, out)
    out.copy(KEY)
    this.#content(cursor.key(), decoders.key, record.about('key'), out)
    out.copy(VALUE)
    this.#content(cursor.value(), decoders.value, record.about('value'), out)
    if (layout.headers) {
      out.copy(HEADERS)
      this.headers(record, out)
    }
    out.copy(CLOSE)
  }

  /** A list, since names may occur more than once and their order counts. */
  headers({ cursor, topic }: RecordAtHand, out: ByteOutput): void {
    if (cursor.headerCount === 0) return out.copy(NO_HEADERS)
    const about = { topic, part: 'header' } as const
    out.ascii('[')
    for (const [index, { key, value }] of cursor.headers().entries()) {
      out.utf8(`${index === 0 ? '' : ','}{"key":${JSON.stringify(key)},"value":`)
      this.#content(value, 'text', about, out)
      out.ascii('}')
    }
    out.ascii(']')
  }

  #metadata(record: RecordAtHand, out: ByteOutput): void {
    const { batch, cursor, timestampMs } = record
    if (batch !== this.#batch) this.#begin(record)
    out.copy(this.#place)
    const offset = this.#baseOffset + cursor.offsetDelta
    if (offset <= Number.MAX_SAFE_INTEGER) out.digits(offset)
    else out.ascii(record.offset.toString())
    const time = this.#times.textOf(timestampMs)
    if (time === null) out.copy(NO_TIMESTAMP)
    else {
      out.copy(TIMESTAMP)
      out.ascii(time)
      out.copy(TIMESTAMP_MS)
    }
    writeInteger(timestampMs, out)
    out.copy(COMMA)
  }

  #begin({ batch, topic, partition }: RecordAtHand): void {
    this.#batch = batch
    this.#baseOffset = Number(batch.baseOffset)
    this.#place = Buffer.from(`"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`)
  }

  /** JSON as it is stored, text as a string, and bytes that nothing decodes as `{"base64": …}`. */
  #content(
    bytes: Uint8Array | null,
    choice: DecoderChoice,
    about: DecodeAbout,
    out: ByteOutput,
  ): void {
    if (bytes === null) return out.copy(NULL)
    if (this.#options.layout.content === 'base64') return out.ascii(`"${base64(bytes)}"`)
    if (writeAsStored(bytes, choice, about, out)) return
    const { form, text } = decode(bytes, choice, about)
    if (form === 'json') out.utf8(/[\n\r]/.test(text) ? minified(text, Infinity).text : text)
    else if (form === 'text') out.utf8(JSON.stringify(text))
    else out.ascii(`{"base64":"${base64(bytes)}"}`)
  }
}

/** Chooses as `decode` does; false where the bytes have to be read to be written. */
function writeAsStored(
  bytes: Uint8Array,
  choice: DecoderChoice,
  { topic, part }: DecodeAbout,
  out: ByteOutput,
): boolean {
  const auto = choice === 'auto'
  if (auto && part !== 'header' && isInternalTopic(topic)) return false
  if (choice === 'json' || (auto && beginsJson(bytes))) {
    const { errorAt, spaced } = surveyJson(bytes)
    if (errorAt < 0) {
      if (spaced && hasLineEnd(bytes)) return false
      out.copy(bytes)
      return true
    }
  }
  if (choice !== 'text' && !auto) return false
  if (surveyText(bytes).errorAt >= 0 || needsEscape(bytes)) return false
  out.copy(QUOTE)
  out.copy(bytes)
  out.copy(QUOTE)
  return true
}

function hasLineEnd(bytes: Uint8Array): boolean {
  return bytes.includes(LINE_FEED) || bytes.includes(CARRIAGE_RETURN)
}

/** Quotes, backslashes and control characters are written otherwise in a JSON string. */
function needsEscape(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 0x20 || byte === 0x22 || byte === 0x5c) return true
  return false
}

function writeInteger(value: bigint, out: ByteOutput): void {
  if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) out.digits(Number(value))
  else out.ascii(value.toString())
}
