/** A small generator of numbers that a seed repeats (sfc32). Not for secrets. */
export class SeededRandom {
  #a: number
  #b: number
  #c: number
  #counter: number

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = 0x9e3779b9 | 0
    this.#c = 0x243f6a88
    this.#counter = 1
    for (let round = 0; round < 16; round++) this.bits32()
  }

  /** 32 random bits, unsigned. */
  bits32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    this.#c |= 0
    return sum >>> 0
  }

  /** From 0 up to and without 1, with 53 bits. */
  unit(): number {
    return ((this.bits32() >>> 5) * 0x400_0000 + (this.bits32() >>> 6)) / 0x20_0000_0000_0000
  }

  /** A whole number from 0 up to and without `below`. */
  below(below: number): number {
    return below <= 0x1_0000_0000
      ? Math.floor((this.bits32() / 0x1_0000_0000) * below)
      : Math.floor(this.unit() * below)
  }
}
