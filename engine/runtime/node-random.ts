/** The machine's own randomness. */
import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../ports/random.ts'

export const nodeRandom: Random = {
  integer: below => randomInt(below),
  uuid() {
    for (;;) {
      const bytes = randomBytes(16)
      bytes[6] = (bytes[6]! & 0x0f) | 0x40
      bytes[8] = (bytes[8]! & 0x3f) | 0x80
      const id = bytes.toString('base64url')
      // Apache Kafka avoids ids that a command line would take for an option.
      if (!id.startsWith('-')) return id
    }
  },
}
