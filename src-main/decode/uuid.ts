/** UUIDs (RFC 9562), as 16 bytes or as text, with what their version tells. */
import { readAsText, refused, type Reading } from './reading.ts'
import { latin1Text } from './utf8.ts'

const UUID_BYTES = 16
/** `urn:uuid:` before and braces round it are allowed, as in RFC 9562 and on Windows. */
const TEXT = /^(?:urn:uuid:|\{)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i
const TEXT_BYTES_MAX = 45
/** Between 1582, when the Gregorian calendar and these UUIDs begin, and 1970. */
const GREGORIAN_TO_EPOCH_MS = 12_219_292_800_000n

export function readUuid(bytes: Uint8Array): Reading {
  if (bytes.length === UUID_BYTES) {
    const hex = Buffer.from(bytes).toString('hex')
    return named(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
  }
  const match = bytes.length <= TEXT_BYTES_MAX ? TEXT.exec(latin1Text(bytes)) : null
  if (match?.[1] !== undefined) return named(match[1].toLowerCase())
  return refused(`${bytes.length} bytes, neither the 16 of a UUID nor its text`)
}

function named(uuid: string): Reading {
  if (/^[0-]+$/.test(uuid)) return readAsText(uuid, ['the nil UUID'])
  if (/^[f-]+$/.test(uuid)) return readAsText(uuid, ['the max UUID'])
  if (!/^.{19}[89ab]/.test(uuid))
    return readAsText(uuid, ['its variant is not that of RFC 9562: perhaps these are other bytes'])
  const version = Number.parseInt(uuid.charAt(14), 16)
  const madeAt = timeOf(uuid, version)
  return readAsText(uuid, [
    madeAt === null ? `version ${version}` : `version ${version}, made at ${madeAt}`,
  ])
}

/** Versions 1, 6 and 7 hold the time at which they were made. */
function timeOf(uuid: string, version: number): string | null {
  const [low = '', middle = '', high = ''] = uuid.split('-')
  const hundredNs = (digits: string) => BigInt(`0x${digits}`) / 10_000n - GREGORIAN_TO_EPOCH_MS
  switch (version) {
    case 1:
      return isoTime(hundredNs(high.slice(1) + middle + low))
    case 6:
      return isoTime(hundredNs(low + middle + high.slice(1)))
    case 7:
      return isoTime(BigInt(`0x${low}${middle}`))
    default:
      return null
  }
}

function isoTime(ms: bigint): string {
  return new Date(Number(ms)).toISOString()
}
