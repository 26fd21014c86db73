/** How many different keys there are, without keeping them: HyperLogLog (Flajolet et al., 2007). */
import type { DistinctKeys } from '../contract/model/statistics.ts'
import type { KeyHash } from './key-hash.ts'

export class DistinctSketch {
  readonly #bits: number
  readonly registers: Uint8Array

  /** 2^`bits` bytes; the standard error is 1.04 / √2^bits. */
  constructor(bits: number) {
    this.#bits = bits
    this.registers = new Uint8Array(2 ** bits)
  }

  add({ high, low }: KeyHash): void {
    const index = high >>> (32 - this.#bits)
    // The bits that the index leaves over, and after them all of the other half.
    const rest = (high << this.#bits) >>> 0
    const zeros = rest === 0 ? 32 - this.#bits + Math.clz32(low) : Math.clz32(rest)
    const rank = zeros + 1
    if (rank > this.registers[index]!) this.registers[index] = rank
  }

  merge(registers: Uint8Array): void {
    for (const [index, rank] of registers.entries())
      if (rank > this.registers[index]!) this.registers[index] = rank
  }

  statistics(): DistinctKeys {
    const size = this.registers.length
    const errorPercent = 104 / Math.sqrt(size)
    let sum = 0
    let empty = 0
    for (const rank of this.registers) {
      sum += 2 ** -rank
      if (rank === 0) empty++
    }
    const raw = ((0.7213 / (1 + 1.079 / size)) * size * size) / sum
    // Few keys leave registers empty, and those are counted better than the others estimated.
    const estimate = raw <= 2.5 * size && empty > 0 ? size * Math.log(size / empty) : raw
    return { estimate: BigInt(Math.round(estimate)), errorPercent }
  }
}
