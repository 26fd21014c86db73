/**
 * The little that a broker reads of the consumer protocol: the topics of a subscription, to know
 * which offsets are in use, and the partitions of an assignment, to show them.
 *
 * Members exchange these bytes among themselves. Version 0 is a prefix of every later version, so
 * that is all that is read; whatever does not parse is somebody else's format, and null.
 */
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import { Reader } from '../protocol/reader.ts'

/** The protocol type of Kafka's consumers. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer'

export interface AssignedTopic {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** The topics a subscription names, or null where the bytes are no subscription. */
export function subscribedTopicsOf(subscription: Uint8Array): readonly string[] | null {
  return parsed(subscription, reader => readArray(reader, () => readString(reader)))
}

/** The partitions an assignment gives; none for empty bytes, null where they are no assignment. */
export function assignedPartitionsOf(assignment: Uint8Array): readonly AssignedTopic[] | null {
  if (assignment.length === 0) return []
  return parsed(assignment, reader =>
    readArray(reader, () => ({
      topic: readString(reader),
      partitions: readArray(reader, () => reader.int32()),
    })),
  )
}

function parsed<T>(bytes: Uint8Array, read: (reader: Reader) => T): T | null {
  try {
    const reader = new Reader(bytes)
    return reader.int16() < 0 ? null : read(reader)
  } catch (error) {
    // Waits for bytes of a protocol that only calls itself `consumer`: nothing a broker may refuse.
    if (error instanceof InvalidFrameError) return null
    throw error
  }
}

function readArray<T>(reader: Reader, element: () => T): readonly T[] {
  const length = reader.arrayLength(false)
  if (length < 0) throw new InvalidFrameError('array is null')
  return Array.from({ length }, element)
}

function readString(reader: Reader): string {
  const length = reader.stringLength(false)
  if (length < 0) throw new InvalidFrameError('string is null')
  return reader.utf8(length)
}
