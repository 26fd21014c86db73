/**
 * Which partition a record's key puts it into, for each way that Kafka's clients have of deciding.
 * Pure functions of key and partition count; what happens to records without a key is a property
 * here, and done by whoever sends.
 *
 * Names are librdkafka's where it has one. Kafka's Java clients, franz-go and kafkajs agree with
 * `java`; kcat, confluent-kafka and all else on librdkafka with `librdkafka` unless told otherwise;
 * Sarama with `fnv1a-random`.
 */
import { assertNever } from '../../engine/support/assert.ts'
import { crc32 } from './crc32.ts'
import { fnv1a } from './fnv1a.ts'
import { murmur2 } from './murmur2.ts'

export const partitioners = [
  /** murmur2; null keys stick to one partition for a while (KIP-480). */
  'java',
  /** `consistent_random`, its default: CRC-32; null and empty keys at random. */
  'librdkafka',
  /** CRC-32; null and empty keys are one key. */
  'consistent',
  /** `murmur2`, of librdkafka: a null key is hashed as an empty one. */
  'murmur2',
  'fnv1a-random',
  'fnv1a',
  'round-robin',
  'random',
] as const
export type Partitioner = (typeof partitioners)[number]

/** What becomes of a record that its key says nothing about. */
export type Spread = 'sticky' | 'random' | 'round-robin'

/** Where the Java client's default partitioner puts a key that is there. */
export function javaPartition(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitionCount
}

/** The partition for this key, or null where the key does not decide. */
export function partitionOf(
  partitioner: Partitioner,
  key: Uint8Array | null,
  partitionCount: number,
): number | null {
  switch (partitioner) {
    case 'java':
      return key === null ? null : javaPartition(key, partitionCount)
    case 'librdkafka':
      return key === null || key.length === 0 ? null : crc32(key) % partitionCount
    case 'consistent':
      return crc32(key ?? EMPTY) % partitionCount
    case 'murmur2':
      return javaPartition(key ?? EMPTY, partitionCount)
    case 'fnv1a-random':
      return key === null ? null : fnv1a(key) % partitionCount
    case 'fnv1a':
      return fnv1a(key ?? EMPTY) % partitionCount
    case 'round-robin':
    case 'random':
      return null
    default:
      return assertNever(partitioner)
  }
}

export function spreadOf(partitioner: Partitioner): Spread {
  if (partitioner === 'java') return 'sticky'
  return partitioner === 'round-robin' ? 'round-robin' : 'random'
}

const EMPTY = new Uint8Array(0)
