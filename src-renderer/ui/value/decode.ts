/**
 * What stored bytes are, before anything is said about what they mean: null, empty, text, or
 * bytes that are not UTF-8. Nothing is guessed beyond that.
 */
import type { BytesPreview } from '../../../src-main/contract/model/record.ts'

export type Decoded =
  | { readonly type: 'null' }
  | { readonly type: 'empty' }
  | { readonly type: 'text'; readonly text: string; readonly complete: boolean }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly complete: boolean }

const decodedOf = new WeakMap<BytesPreview, Decoded>()

export function decode(preview: BytesPreview | null): Decoded {
  if (preview === null) return { type: 'null' }
  let decoded = decodedOf.get(preview)
  if (decoded === undefined) {
    decoded = read(preview)
    decodedOf.set(preview, decoded)
  }
  return decoded
}

/** The first bytes as hexadecimal pairs. */
export function hexOf(bytes: Uint8Array, bytesMax: number): string {
  let text = ''
  for (const byte of bytes.subarray(0, bytesMax)) text += `${byte.toString(16).padStart(2, '0')} `
  return text.trimEnd()
}

/** A text for copying a cell: the text itself, hexadecimal where it is none. */
export function exactText(preview: BytesPreview | null): string {
  const decoded = decode(preview)
  switch (decoded.type) {
    case 'null':
      return 'null'
    case 'empty':
      return ''
    case 'text':
      return decoded.text
    case 'bytes':
      return hexOf(decoded.bytes, decoded.bytes.length)
  }
}

function read({ bytes, sizeBytes }: BytesPreview): Decoded {
  if (sizeBytes === 0) return { type: 'empty' }
  const complete = bytes.length >= sizeBytes
  try {
    // A preview may end inside a character; `stream` leaves such an end out instead of refusing it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, {
      stream: !complete,
    })
    if (!hasControls(text)) return { type: 'text', text, complete }
  } catch {
    // Waits for bytes that are not UTF-8, which is an answer and not a failure.
  }
  return { type: 'bytes', bytes, complete }
}

/** Binary formats are often valid UTF-8 by accident; a NUL or its neighbours give them away. */
function hasControls(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)
}
