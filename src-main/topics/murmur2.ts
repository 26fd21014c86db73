/**
 * The partition that Apache Kafka's own clients choose for a key: murmur2 with the Java client's
 * seed, without the sign, modulo the number of partitions.
 */
const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

export function javaPartition(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitionCount
}

/** A signed 32-bit hash, as Java has it. */
export function murmur2(data: Uint8Array): number {
  const { length } = data
  let hash = SEED ^ length
  const whole = length - (length % 4)
  for (let at = 0; at < whole; at += 4) {
    const word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)
    let mixed = Math.imul(word, M)
    mixed = Math.imul(mixed ^ (mixed >>> R), M)
    hash = Math.imul(hash, M) ^ mixed
  }
  const rest = length - whole
  if (rest >= 3) hash ^= data[whole + 2]! << 16
  if (rest >= 2) hash ^= data[whole + 1]! << 8
  if (rest >= 1) hash = Math.imul(hash ^ data[whole]!, M)
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}
