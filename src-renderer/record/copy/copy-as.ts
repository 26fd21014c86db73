/**
 * A record as text that goes elsewhere: into a ticket, a file, a shell. What a form cannot say
 * exactly is refused with the reason, never left out in silence.
 */
import type { ControlAddress } from '../../../src-main/contract/model/application.ts'
import type { DecodedPart } from '../../../src-main/contract/model/decode.ts'
import type { BytesPreview, RecordHeader } from '../../../src-main/contract/model/record.ts'
import { decode, exactText } from '../../ui/value/decode.ts'
import type { ShownRecord } from '../shown-record.ts'

export type Copied =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'not-possible'; readonly why: WhyNot }

export type WhyNot =
  | 'part-too-large'
  | 'command-too-large'
  | 'no-delimiter'
  | 'header'
  | 'nothing-in-it'
  | 'null-value'
  | 'no-address'

/** What a shell takes as one argument, with room to spare (Linux: 128 KiB for each). */
const COMMAND_BYTES_MAX = 98_304

/** The whole record for a person: where it is, when, and its parts. */
export function recordText({ place, detail, parts }: ShownRecord): Copied {
  if (isPartial(parts.key) || isPartial(parts.value)) return notPossible('part-too-large')
  const lines = [
    `${place.topic}-${place.partition} offset ${place.offset}`,
    `timestamp ${isoTime(detail.timestampMs)} (${detail.timestampType})`,
    `key ${partText(parts.key)}`,
    ...detail.headers.map(({ key, value }) => `header ${key}: ${headerText(value)}`),
    '',
    partText(parts.value),
  ]
  return { type: 'text', text: lines.join('\n') }
}

/** The record as one JSON document. Decoded JSON stands in it as it is, with all its digits. */
export function recordJson({ place, detail, parts }: ShownRecord): Copied {
  if (isPartial(parts.key) || isPartial(parts.value)) return notPossible('part-too-large')
  const headers = detail.headers.map(
    ({ key, value }) => `{"key":${JSON.stringify(key)},"value":${headerJson(value)}}`,
  )
  const fields = [
    `"topic":${JSON.stringify(place.topic)}`,
    `"partition":${place.partition}`,
    `"offset":${place.offset}`,
    `"timestamp":${detail.timestampMs}`,
    `"timestampType":${JSON.stringify(detail.timestampType)}`,
    `"key":${partJson(parts.key, detail.key)}`,
    `"value":${partJson(parts.value, detail.value)}`,
    `"headers":[${headers.join(',')}]`,
  ]
  return { type: 'text', text: `{${fields.join(',')}}` }
}

/** A command that prints the record as it is stored. */
export function kcatRead({ place }: ShownRecord, bootstrap: string): string {
  const { topic, partition, offset } = place
  return `kcat -b ${shellWord(bootstrap)} -C -t ${shellWord(topic)} -p ${partition} -o ${offset} -c 1 -e -f '%s\\n'`
}

/**
 * A command that writes the record once more: same topic, partition, key, value, headers and codec.
 * Its timestamp is new, since kcat sets none.
 */
export function kcatWrite({ place, detail }: ShownRecord, bootstrap: string): Copied {
  const { key, value, headers, batch } = detail
  if (isCut(key) || isCut(value) || headers.some(header => isCut(header.value)))
    return notPossible('command-too-large')
  const keyBytes = key?.bytes ?? null
  const valueBytes = value?.bytes ?? new Uint8Array(0)
  if (headers.some(isBeyondArguments)) return notPossible('header')
  // kcat passes over an input line without anything on it.
  if (keyBytes === null && valueBytes.length === 0) return notPossible('nothing-in-it')
  // kcat reads key and value from its input and splits it at bytes that are in neither.
  const [keyEnd, valueEnd] = unusedBytes(keyBytes, valueBytes)
  if (keyEnd === undefined || valueEnd === undefined) return notPossible('no-delimiter')
  const input = [...(keyBytes === null ? [] : [...keyBytes, keyEnd]), ...valueBytes, valueEnd]
  const flags = [
    '-P',
    `-b ${shellWord(bootstrap)}`,
    `-t ${shellWord(place.topic)}`,
    `-p ${place.partition}`,
    ...(keyBytes === null ? [] : [`-K '${escapeByte(keyEnd)}'`]),
    `-D '${escapeByte(valueEnd)}'`,
    ...(value === null ? ['-Z'] : []),
    ...(batch.codec === 'none' ? [] : [`-z ${batch.codec}`]),
    ...headers.map(header => `-H ${headerArgument(header.key, header.value)}`),
  ]
  const text = `printf '${printfText(Uint8Array.from(input))}' | kcat ${flags.join(' ')}`
  if (text.length > COMMAND_BYTES_MAX) return notPossible('command-too-large')
  return { type: 'text', text }
}

/**
 * A command that prints the record as JSON, or only the bytes of its value. It works on this machine
 * until Odradek is started again: the token in it is of this start.
 */
export function curlRead(
  { place }: ShownRecord,
  from: { readonly cluster: string; readonly control: ControlAddress; readonly part?: 'value' },
): string {
  const { topic, partition, offset } = place
  const path = [
    ['clusters', from.cluster],
    ['topics', topic],
    ['partitions', partition],
    ['offsets', offset],
  ].map(([kind, name]) => `/${kind}/${encodeURIComponent(String(name))}`)
  const query = from.part === undefined ? '' : `?part=${from.part}`
  const url = `${from.control.url}${path.join('')}${query}`
  return `curl -sS --fail-with-body -H 'Authorization: Bearer ${from.control.token}' ${shellWord(url)}`
}

function notPossible(why: WhyNot): Copied {
  return { type: 'not-possible', why }
}

/** An argument ends at a NUL, and kcat ends a header's key at the first `=`. */
function isBeyondArguments({ key, value }: RecordHeader): boolean {
  return key.includes('=') || key.includes('\u0000') || value?.bytes.includes(0) === true
}

function isPartial({ decodedBytes, sizeBytes }: DecodedPart): boolean {
  return decodedBytes < sizeBytes
}

function isCut(preview: BytesPreview | null): boolean {
  return preview !== null && preview.bytes.length < preview.sizeBytes
}

function partText({ decoded }: DecodedPart): string {
  return decoded.form === 'null' ? 'null' : decoded.text
}

function headerText(value: BytesPreview | null): string {
  return value === null ? 'null' : exactText(value)
}

function partJson({ decoded }: DecodedPart, preview: BytesPreview | null): string {
  switch (decoded.form) {
    case 'null':
      return 'null'
    case 'json':
      return decoded.text
    case 'text':
      return JSON.stringify(decoded.text)
    case 'bytes':
      return base64Json(preview)
  }
}

function headerJson(value: BytesPreview | null): string {
  if (value === null) return 'null'
  const decoded = decode(value)
  return decoded.type === 'bytes' ? base64Json(value) : JSON.stringify(exactText(value))
}

function base64Json(preview: BytesPreview | null): string {
  let binary = ''
  for (const byte of preview?.bytes ?? []) binary += String.fromCharCode(byte)
  return `{"$base64":"${btoa(binary)}"}`
}

function isoTime(timestampMs: bigint): string {
  const date = new Date(Number(timestampMs))
  return Number.isNaN(date.getTime()) ? `${timestampMs}` : date.toISOString()
}

/** Two control bytes that occur in neither; a NUL would end the option's own text. */
function unusedBytes(key: Uint8Array | null, value: Uint8Array): number[] {
  const used = new Set([...(key ?? []), ...value])
  const candidates = [0x0a, 0x1e, 0x1f, ...Array.from({ length: 26 }, (_, at) => at + 1)]
  const free = candidates.filter(byte => !used.has(byte))
  // A line end after the value looks as everyone writes it.
  const valueEnd = free[0]
  return [free.find(byte => byte !== valueEnd && byte !== 0x0a), valueEnd].flatMap(byte =>
    byte === undefined ? [] : [byte],
  )
}

function escapeByte(byte: number): string {
  return byte === 0x0a ? '\\n' : `\\x${byte.toString(16).padStart(2, '0')}`
}

/** The format of printf: every byte that is not plain ASCII in octal, which every shell knows. */
function printfText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0x0a) text += '\\n'
    else if (byte === 0x25) text += '%%'
    // A dash in front would be an option.
    else if (text === '' && byte === 0x2d) text += '\\055'
    else if (byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c)
      text += `\\${byte.toString(8).padStart(3, '0')}`
    else text += String.fromCharCode(byte)
  }
  return text
}

/** `key=value`, or the key alone for a header without a value. */
function headerArgument(key: string, value: BytesPreview | null): string {
  if (value === null) return shellWord(key)
  const decoded = decode(value)
  if (decoded.type !== 'bytes') return shellWord(`${key}=${exactText(value)}`)
  return `"$(printf '${printfText(new TextEncoder().encode(`${key}=`))}${printfText(value.bytes)}')"`
}

function shellWord(text: string): string {
  return /^[\w.,:/=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
