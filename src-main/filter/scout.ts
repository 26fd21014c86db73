/**
 * Scouts look through a whole decompressed batch at once for places where a record might be what is
 * wanted, long before any record is read. They may say too much and never too little: a place may
 * lie in a length, in another part of the record, or across two records, and whoever asked looks
 * again. Most batches have no such place, and cost one pass of memory.
 */

export interface Scout {
  /** Begins with another batch. */
  begin(payload: Buffer): void
  /** The first place at or after `from`, or -1. */
  next(from: number): number
  /** How many bytes a hit takes; 0 where that is not known. */
  readonly length: number
}

/** These bytes as they are. */
export function bytesScout(needle: Uint8Array): Scout {
  const wanted = Buffer.from(needle)
  let payload: Buffer = wanted
  return {
    length: wanted.length,
    begin(bytes) {
      payload = bytes
    },
    next: from => payload.indexOf(wanted, from),
  }
}

/**
 * ASCII text in upper or lower case. Bytes are taken for Latin-1, so that one byte stays one
 * character; lower-casing changes letters beyond ASCII into others beyond ASCII only, which no hit
 * consists of.
 */
export function asciiScout(needle: string): Scout {
  const wanted = needle.toLowerCase()
  const letters = [...new Set([wanted[0]!, wanted[0]!.toUpperCase()])]
  let folded: string | null = null
  let payload: Buffer | null = null
  return {
    length: wanted.length,
    begin(bytes) {
      payload = bytes
      // A batch without the first letter needs no folding.
      folded = letters.some(letter => bytes.includes(letter, 0, 'latin1')) ? null : ''
    },
    next(from) {
      const text = folded ?? payload!.toString('latin1').toLowerCase()
      folded = text
      return text.indexOf(wanted, from)
    },
  }
}

/**
 * Text with letters beyond ASCII, in upper or lower case. It knows only whether a batch has it at
 * all: then every record of the batch is looked at. A part begins after a length, whose last byte
 * is ASCII, so decoding the whole reads each part as decoding it alone would.
 */
export function unicodeScout(needle: string): Scout {
  const wanted = foldCase(needle)
  let found = false
  return {
    length: 0,
    begin(bytes) {
      found = foldCase(bytes.toString('utf8')).includes(wanted)
    },
    next: from => (found ? from : -1),
  }
}

/** The two forms of a Greek sigma depend on what follows, so they count as one. */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ')
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false
  return true
}
