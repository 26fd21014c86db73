/**
 * The bytes that consumers put into a group's metadata and assignments, which brokers do not read
 * (ConsumerProtocolSubscription, ConsumerProtocolAssignment). Groups of other kinds, as Connect's,
 * put something else there: then the answer is null, and the page shows bytes.
 */
import { InvalidFrameError } from '../../engine/protocol/invalid-frame.ts'
import {
  array,
  int32,
  message,
  nullableBytes,
  string,
  struct,
} from '../../engine/protocol/schema.ts'
import { Reader } from '../../engine/protocol/reader.ts'
import type { TopicPartitions } from '../contract/model/group.ts'

/** Fields after these, of versions 1 to 3, are not needed; so the rest is left unread. */
const subscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: [0, 0],
  flexibleSince: null,
  fields: { topics: array(string()), userData: nullableBytes() },
})

const assignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    assignedPartitions: array(struct({ topic: string(), partitions: array(int32()) })),
    userData: nullableBytes(),
  },
})

export function decodeSubscribedTopics(bytes: Uint8Array): readonly string[] | null {
  return attempt(bytes, reader => subscription.read(reader, 0).topics)
}

export function decodeAssignment(bytes: Uint8Array): readonly TopicPartitions[] | null {
  return attempt(bytes, reader =>
    assignment
      .read(reader, 0)
      .assignedPartitions.map(({ topic, partitions }) => ({ topic, partitions })),
  )
}

function attempt<T>(
  bytes: Uint8Array,
  read: (reader: Reader) => readonly T[],
): readonly T[] | null {
  // A member that was not assigned anything yet has no bytes at all.
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  try {
    const version = reader.int16()
    return version < 0 ? null : read(reader)
  } catch (error) {
    // Foreign bytes are the normal case for groups that are not consumers.
    if (error instanceof InvalidFrameError) return null
    throw error
  }
}
