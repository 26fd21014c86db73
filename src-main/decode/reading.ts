/** What one decoder makes of some bytes: a reading, or why there is none. */
import type { DecodeAbout } from '../contract/model/decode.ts'

export type Reading =
  | {
      readonly type: 'read'
      readonly form: 'json' | 'text'
      readonly text: string
      readonly notes: readonly string[]
    }
  | { readonly type: 'refused'; readonly reason: string; readonly atByte: number | null }

/** Bytes are never empty here: nothing has to be decoded then. */
export type Decoder = (bytes: Uint8Array, about: DecodeAbout) => Reading

const NO_NOTES: readonly string[] = []

export function readAsJson(text: string, notes = NO_NOTES): Reading {
  return { type: 'read', form: 'json', text, notes }
}

export function readAsText(text: string, notes = NO_NOTES): Reading {
  return { type: 'read', form: 'text', text, notes }
}

export function refused(reason: string, atByte: number | null = null): Reading {
  return { type: 'refused', reason, atByte }
}
