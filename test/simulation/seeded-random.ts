/**
 * Randomness that a seed decides (sfc32). Each part of a world draws from a stream of its own, so
 * that one more draw in the network does not change what the producers write.
 */
import type { Random } from '../../engine/ports/random.ts'

export class SeededRandom implements Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    this.#seed = seed
    const state = hash(seed)
    this.#a = state
    this.#b = hash(`${seed}b`)
    this.#c = hash(`${seed}c`)
    for (let round = 0; round < 12; round++) this.#next()
  }

  /** A stream that depends on the seed and the name alone. */
  stream(name: string): SeededRandom {
    return new SeededRandom(`${this.#seed}/${name}`)
  }

  /** From 0 up to and without 1. */
  fraction(): number {
    return this.#next() / 0x1_0000_0000
  }

  integer(below: number): number {
    return Math.floor(this.fraction() * below)
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.integer(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(from: readonly T[]): T {
    return from[this.integer(from.length)]!
  }

  uuid(): string {
    for (;;) {
      const bytes = Buffer.alloc(16)
      for (let at = 0; at < 16; at += 4) bytes.writeUInt32BE(this.#next(), at)
      bytes[6] = (bytes[6]! & 0x0f) | 0x40
      bytes[8] = (bytes[8]! & 0x3f) | 0x80
      const id = bytes.toString('base64url')
      if (!id.startsWith('-')) return id
    }
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}

/** FNV-1a, 32 bits. */
export function hash(text: string, start = 0x811c_9dc5): number {
  let value = start
  for (let at = 0; at < text.length; at++)
    value = Math.imul(value ^ text.charCodeAt(at), 0x0100_0193)
  return value >>> 0
}
