/**
 * Values of binary formats as exact JSON. What JSON has no form for is written as an object with
 * one key that begins with `$`, so that nothing is passed off as what it is not: bytes as
 * `{"$base64":"…"}`, MessagePack's extensions as `{"$extension":5,…}`, CBOR's tags as
 * `{"$tag":37,"$value":…}`.
 */
import { base64Of } from './binary.ts'

export function stringText(text: string): string {
  return JSON.stringify(text)
}

export function bytesText(bytes: Uint8Array): string {
  return `{"$base64":"${base64Of(bytes)}"}`
}

/** A double with its own digits; whole numbers keep a `.0`, so that they are seen to be doubles. */
export function float64Text(value: number): string {
  if (!Number.isFinite(value)) return `{"$number":"${value}"}`
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** The fewest digits that tell this float from its neighbours. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return float64Text(value)
  for (let digits = 1; digits <= 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return float64Text(shorter)
  }
  return float64Text(value)
}
