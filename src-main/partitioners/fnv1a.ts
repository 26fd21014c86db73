/** FNV-1a of 32 bits with its sign taken off, as Sarama computes it and librdkafka agrees to. */

const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

export function fnv1a(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS | 0
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at]!, PRIME)
  return hash < 0 ? -hash >>> 0 : hash
}
