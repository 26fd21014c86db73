/**
 * The machine's own randomness: of the kind that tells things apart, not of the kind that keeps
 * secrets. `node:crypto` would cost every thread ten milliseconds of its start.
 */
import type { Random } from '../ports/random.ts'

const BYTE_VALUES = 256

export const nodeRandom: Random = {
  integer: below => Math.floor(Math.random() * below),
  uuid() {
    for (;;) {
      const bytes = Buffer.from(Uint8Array.from({ length: 16 }, randomByte))
      bytes[6] = (bytes[6]! & 0x0f) | 0x40
      bytes[8] = (bytes[8]! & 0x3f) | 0x80
      const id = bytes.toString('base64url')
      // Apache Kafka avoids ids that a command line would take for an option.
      if (!id.startsWith('-')) return id
    }
  },
}

function randomByte(): number {
  return Math.floor(Math.random() * BYTE_VALUES)
}
