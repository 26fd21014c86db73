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
import type { RecordAtHand } from '../filter/record-at-hand.ts'
import type { ByteOutput } from './byte-output.ts'
import { base64, IsoTimes } from './record-parts.ts'
import type { WriterOptions } from './record-writer.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

export class JsonLines {
  readonly #options: WriterOptions
  readonly #times = new IsoTimes()
  /** `"topic":…,"partition":…,"offset":` of the partition that was written last. */
  #place = ''
  #topic = ''
  #partition = -1

  constructor(options: WriterOptions) {
    this.#options = options
  }

  write(record: RecordAtHand, out: ByteOutput): void {
    const { layout, decoders } = this.#options
    const { cursor } = record
    out.ascii('{')
    if (layout.metadata) this.#metadata(record, out)
    out.ascii('"key":')
    this.#content(cursor.key(), decoders.key, record.about('key'), out)
    out.ascii(',"value":')
    this.#content(cursor.value(), decoders.value, record.about('value'), out)
    if (layout.headers) {
      out.ascii(',"headers":')
      this.headers(record, out)
    }
    out.ascii('}')
  }

  /** A list, since names may occur more than once and their order counts. */
  headers({ cursor, topic }: RecordAtHand, out: ByteOutput): void {
    if (cursor.headerCount === 0) return out.ascii('[]')
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
    const { topic, partition, timestampMs } = record
    if (topic !== this.#topic || partition !== this.#partition) {
      this.#place = `"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`
      this.#topic = topic
      this.#partition = partition
    }
    out.utf8(this.#place)
    writeInteger(record.offset, out)
    const time = this.#times.textOf(timestampMs)
    out.ascii(',"timestamp":')
    out.ascii(time === null ? 'null' : `"${time}"`)
    out.ascii(',"timestampMs":')
    writeInteger(timestampMs, out)
    out.ascii(',')
  }

  /** JSON as it is stored, text as a string, and bytes that nothing decodes as `{"base64": …}`. */
  #content(
    bytes: Uint8Array | null,
    choice: DecoderChoice,
    about: DecodeAbout,
    out: ByteOutput,
  ): void {
    if (bytes === null) return out.ascii('null')
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
  out.ascii('"')
  out.copy(bytes)
  out.ascii('"')
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
