/**
 * Big-endian integers in plain bytes, without a view object: batch headers are read in place, in
 * buffers that change with every request, where making a DataView costs more than the reads.
 */

export function int16At(bytes: Uint8Array, at: number): number {
  return (((bytes[at]! << 8) | bytes[at + 1]!) << 16) >> 16
}

export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at) >>> 0
}

export function int64At(bytes: Uint8Array, at: number): bigint {
  const high = int32At(bytes, at)
  const low = uint32At(bytes, at + 4)
  // One bigint instead of three wherever a double holds the value, which is nearly always.
  if (high >= -0x20_0000 && high < 0x20_0000) return BigInt(high * 0x1_0000_0000 + low)
  return (BigInt(high) << 32n) | BigInt(low)
}

export function setInt16At(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

export function setInt32At(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

export function setInt64At(bytes: Uint8Array, at: number, value: bigint): void {
  if (value >= 0n && value <= 9_007_199_254_740_991n) {
    const plain = Number(value)
    setInt32At(bytes, at, Math.floor(plain / 0x1_0000_0000))
    setInt32At(bytes, at + 4, plain | 0)
    return
  }
  setInt32At(bytes, at, Number(BigInt.asIntN(32, value >> 32n)))
  setInt32At(bytes, at + 4, Number(BigInt.asIntN(32, value)))
}
