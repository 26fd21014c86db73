/** 64 well-mixed bits of a key, in two halves; for sketches, not for anyone's partitioner. */

export interface KeyHash {
  high: number
  low: number
}

/** Writes into `hash`: one object serves a whole scan. */
export function hashKey(bytes: Uint8Array, start: number, end: number, hash: KeyHash): void {
  let high = 0x9e3779b1 ^ (end - start)
  let low = 0x85ebca6b
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    high = Math.imul(high ^ byte, 0x85ebca77)
    low = Math.imul(low ^ byte, 0xc2b2ae3d)
    high = (high << 13) | (high >>> 19)
  }
  hash.high = mixed(high ^ mixed(low))
  hash.low = mixed(low ^ hash.high)
}

/** Murmur3's last step: every bit of the input changes half of the output's. */
function mixed(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
