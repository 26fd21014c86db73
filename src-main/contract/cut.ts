/**
 * A cut as bytes: an offset for each partition of a view. A view may have ten thousand partitions,
 * and its cuts go back and forth with every page; as bytes they pass through the threads in between
 * as they are. Topics in the order of the view, each with its partitions:
 *
 *     topics: count, then for each: name length, name, partition count, then for each:
 *         partition, offset
 *
 * All numbers are unsigned and of variable length, seven bits a byte, the lowest first.
 */
import { ContractError } from './define.ts'
import type { Cut, PartitionOffset } from './model/record.ts'

const NUMBER_BYTES_MAX = 10

/** Throws where an offset is negative, which no place in a log is. */
export function packCut(offsets: readonly PartitionOffset[]): Cut {
  const topics = new Map<string, PartitionOffset[]>()
  for (const each of offsets) {
    const known = topics.get(each.topic)
    if (known === undefined) topics.set(each.topic, [each])
    else known.push(each)
  }
  const names = new Map([...topics.keys()].map(name => [name, new TextEncoder().encode(name)]))
  let length = NUMBER_BYTES_MAX
  for (const [name, partitions] of topics)
    length += names.get(name)!.length + 2 * NUMBER_BYTES_MAX * (1 + partitions.length)
  const writer = new Writer(length)
  writer.number(topics.size)
  for (const [name, partitions] of topics) {
    writer.bytes(names.get(name)!)
    writer.number(partitions.length)
    for (const { partition, offset } of partitions) {
      writer.number(partition)
      writer.offset(offset)
    }
  }
  return writer.written()
}

/** Throws `INVALID_INPUT` where the bytes are no cut. */
export function unpackCut(cut: Cut): PartitionOffset[] {
  const reader = new Reader(cut)
  const offsets: PartitionOffset[] = []
  for (let topics = reader.number(); topics > 0; topics--) {
    const topic = reader.name()
    for (let left = reader.number(); left > 0; left--)
      offsets.push({ topic, partition: reader.number(), offset: reader.offset() })
  }
  reader.expectEnd()
  return offsets
}

export function partitionCount(cut: Cut | null): number {
  return cut === null ? 0 : unpackCut(cut).length
}

class Writer {
  readonly #bytes: Uint8Array
  #length = 0

  constructor(length: number) {
    this.#bytes = new Uint8Array(length)
  }

  number(value: number): void {
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80))
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
    this.#bytes[this.#length++] = rest
  }

  offset(value: bigint): void {
    if (value < 0n) throw wrong(`offset ${value}`)
    if (value <= Number.MAX_SAFE_INTEGER) return this.number(Number(value))
    let rest = value
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80
    this.#bytes[this.#length++] = Number(rest)
  }

  bytes(value: Uint8Array): void {
    this.number(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  written(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  number(): number {
    const value = this.offset()
    if (value > 0xffff_ffffn) throw wrong(`${value} at byte ${this.#at}`)
    return Number(value)
  }

  offset(): bigint {
    // Below 2^49 a number is exact, and far quicker.
    let low = 0
    let scale = 1
    const begin = this.#at
    for (let count = 0; count < 7; count++, scale *= 0x80) {
      const byte = this.#next()
      low += (byte & 0x7f) * scale
      if (byte < 0x80) return BigInt(low)
    }
    let value = BigInt(low)
    for (let shift = 49n; this.#at - begin < NUMBER_BYTES_MAX; shift += 7n) {
      const byte = this.#next()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) {
        if (value > INT64_MAX) throw wrong(`offset ${value}`)
        return value
      }
    }
    throw wrong(`a number longer than ${NUMBER_BYTES_MAX} bytes`)
  }

  name(): string {
    const length = this.number()
    const from = this.#at
    if (length > this.#bytes.length - from) throw wrong(`a name of ${length} bytes`)
    this.#at += length
    return new TextDecoder().decode(this.#bytes.subarray(from, this.#at))
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw wrong(`${this.#bytes.length - this.#at} bytes over`)
  }

  #next(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw wrong(`the end after ${this.#bytes.length} bytes`)
    return byte
  }
}

const INT64_MAX = 9_223_372_036_854_775_807n

function wrong(what: string): ContractError {
  return new ContractError({ code: 'INVALID_INPUT', message: `a cut holds ${what}` })
}
