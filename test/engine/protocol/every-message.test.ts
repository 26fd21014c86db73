import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import type { Message } from '../../../engine/protocol/schema.ts'
import { findDeclarations } from '../../schemas/declarations.ts'
import { arbitraryMessage, asRead, comparable } from './arbitrary-message.ts'

const declarations = await findDeclarations()

/** Each version of each message that the engine declares. */
const versions = declarations.flatMap(({ message }) => {
  const [first, last] = message.versions
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    message,
    version: first + index,
  }))
})

describe('every declared message', () => {
  test('is found', () => {
    expect(declarations.length).toBeGreaterThan(100)
    expect(new Set(declarations.map(({ message }) => message.name)).size).toBe(declarations.length)
  })

  test('is exported under the name of its schema', () => {
    for (const { exported, message } of declarations)
      expect(exported.toLowerCase()).toBe(message.name.toLowerCase())
  })

  test('reads what it wrote, in every version', () => {
    for (const { message, version } of versions)
      fc.assert(
        fc.property(arbitraryMessage(message, version), value => {
          const read = message.decode(message.encode(value, version), version)
          expect(comparable(read)).toEqual(comparable(asRead(message.fields, value, version)))
        }),
        { numRuns: 15, seed: 1 },
      )
  })

  test('writes what it read, byte for byte', () => {
    for (const { message, version } of versions)
      fc.assert(
        fc.property(arbitraryMessage(message, version), value => {
          const written = message.encode(value, version)
          const again = message.encode(message.decode(written, version), version)
          expect(comparable(again)).toEqual(comparable(written))
        }),
        { numRuns: 5, seed: 2 },
      )
  })

  test('makes a value, an InvalidFrameError or a KafkaError of random bytes', () => {
    for (const { message, version } of versions)
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
          expectKnownOutcome(message, version, bytes)
        }),
        { numRuns: 30, seed: 3 },
      )
  })

  test('makes a value, an InvalidFrameError or a KafkaError of its own bytes, spoiled', () => {
    for (const { message, version } of versions)
      fc.assert(
        fc.property(arbitraryMessage(message, version), spoiling, (value, spoil) => {
          expectKnownOutcome(message, version, spoil(message.encode(value, version)))
        }),
        { numRuns: 30, seed: 4 },
      )
  })

  test('refuses its own bytes when one is missing at the end', () => {
    for (const { message, version } of versions)
      fc.assert(
        fc.property(arbitraryMessage(message, version), value => {
          const written = message.encode(value, version)
          if (written.length === 0) return
          const cut = written.subarray(0, -1)
          expect(() => message.decode(cut, version)).toThrow(InvalidFrameError)
        }),
        { numRuns: 5, seed: 5 },
      )
  })

  test('refuses versions outside its range', () => {
    for (const { message } of declarations)
      for (const version of [message.versions[0] - 1, message.versions[1] + 1])
        expect(() => message.decode(new Uint8Array(64), version)).toThrow(KafkaError)
  })
})

/** Overwrites, cuts, doubles or inserts bytes. */
const spoiling = fc
  .record({
    at: fc.nat(),
    byte: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
    count: fc.integer({ min: 1, max: 5 }),
    way: fc.constantFrom('overwrite', 'cut', 'insert', 'double'),
  })
  .map(({ at, byte, count, way }) => (bytes: Uint8Array): Uint8Array => {
    const place = at % (bytes.length + 1)
    const before = bytes.subarray(0, place)
    const filled = new Uint8Array(count).fill(byte)
    if (way === 'overwrite') return Buffer.concat([before, filled, bytes.subarray(place + count)])
    if (way === 'cut') return Buffer.concat([before, bytes.subarray(place + count)])
    if (way === 'insert') return Buffer.concat([before, filled, bytes.subarray(place)])
    return Buffer.concat([bytes, bytes])
  })

function expectKnownOutcome(message: Message, version: number, bytes: Uint8Array): void {
  try {
    message.decode(bytes, version)
  } catch (error) {
    // The claim is about which errors these are, and that there are no others.
    expect(error instanceof InvalidFrameError || error instanceof KafkaError).toBe(true)
  }
}
