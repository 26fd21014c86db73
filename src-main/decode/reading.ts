/** What one decoder makes of some bytes: a reading, or why there is none. */
import type { DecodeAbout } from '../contract/model/decode.ts'

export interface Read {
  readonly type: 'read'
  readonly form: 'json' | 'text'
  readonly text: string
  readonly notes: readonly string[]
}

export interface Refused {
  readonly type: 'refused'
  /** In lower case, with what does not fit. */
  readonly reason: string
  readonly atByte: number | null
}

/** The bytes are of this format, and cannot be read here: `note` names them, `reason` says why. */
export interface Recognised {
  readonly type: 'recognised'
  readonly note: string
  readonly reason: string
  readonly atByte: number | null
}

export type Reading = Read | Refused | Recognised

/** Bytes are never empty here: nothing has to be decoded then. */
export type Decoder = (bytes: Uint8Array, about: DecodeAbout) => Reading

const NO_NOTES: readonly string[] = []

export function readAsJson(text: string, notes = NO_NOTES): Read {
  return { type: 'read', form: 'json', text, notes }
}

export function readAsText(text: string, notes = NO_NOTES): Read {
  return { type: 'read', form: 'text', text, notes }
}

export function refused(reason: string, atByte: number | null = null): Refused {
  return { type: 'refused', reason, atByte }
}
