/**
 * Reads Fetch requests by hand, into one flat list of partitions: what the declaration's decoder
 * makes of a request is several times what is asked, and a follower asks for each append.
 */
import { fetchRequest } from '../../protocol/messages/fetch.ts'
import { InvalidFrameError } from '../../protocol/invalid-frame.ts'
import type { Reader } from '../../protocol/reader.ts'
import { ZERO_UUID } from '../../protocol/schema.ts'
import type { FetchPartition, ForgottenPartition } from '../../replica/fetch-session.ts'
import type { FetchingReplica } from '../partition.ts'

const FLEXIBLE_SINCE = fetchRequest.flexibleSince!
const SESSIONS_SINCE = 7
const TOPIC_IDS_SINCE = 13
const REPLICA_STATE_SINCE = 15
const REPLICA_STATE_TAG = 1
const SESSION_EPOCH_NONE = -1
const NO_FORGOTTEN: readonly ForgottenPartition[] = []

export interface FetchQuestion {
  /** Who fetches, where it is a follower. */
  readonly replica: FetchingReplica | null
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  /** 0 reads uncommitted records too, 1 only committed ones. */
  readonly isolationLevel: number
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly usesTopicIds: boolean
  readonly partitions: readonly FetchPartition[]
  readonly forgotten: readonly ForgottenPartition[]
  readonly rack: string
}

/** `topicName` answers an empty name for an id that no topic has. */
export function readFetchRequest(
  body: Reader,
  version: number,
  topicName: (topicId: string) => string,
): FetchQuestion {
  const flexible = version >= FLEXIBLE_SINCE
  const usesTopicIds = version >= TOPIC_IDS_SINCE
  const replicaId = version < REPLICA_STATE_SINCE ? body.int32() : -1
  const maxWaitMs = body.int32()
  const minBytes = body.int32()
  const maxBytes = body.int32()
  const isolationLevel = body.int8()
  const sessionId = version >= SESSIONS_SINCE ? body.int32() : 0
  const sessionEpoch = version >= SESSIONS_SINCE ? body.int32() : SESSION_EPOCH_NONE

  const partitions: FetchPartition[] = []
  const topicCount = countIn(body, flexible)
  for (let each = 0; each < topicCount; each++) {
    const topicId = usesTopicIds ? body.uuid() : ZERO_UUID
    const topic = usesTopicIds ? topicName(topicId) : readName(body, flexible)
    const count = countIn(body, flexible)
    for (let ofTopic = 0; ofTopic < count; ofTopic++)
      partitions.push(readPartition(body, version, topic, topicId))
    if (flexible) body.skipTaggedFields()
  }
  const forgotten =
    version >= SESSIONS_SINCE ? readForgotten(body, version, topicName) : NO_FORGOTTEN
  const rack = version >= 11 ? readName(body, flexible) : ''
  const named = replicaId < 0 ? null : { brokerId: replicaId, brokerEpoch: -1n }
  const replica = flexible ? (readReplicaState(body, version) ?? named) : named
  return {
    replica,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    usesTopicIds,
    partitions,
    forgotten,
    rack,
  }
}

function readPartition(
  body: Reader,
  version: number,
  topic: string,
  topicId: string,
): FetchPartition {
  const partition = body.int32()
  const currentLeaderEpoch = version >= 9 ? body.int32() : -1
  const fetchOffset = body.int64()
  const lastFetchedEpoch = version >= 12 ? body.int32() : -1
  const logStartOffset = version >= 5 ? body.int64() : -1n
  const partitionMaxBytes = body.int32()
  // Directory ids and high watermarks of replicas: told to voters, and of no use here.
  if (version >= FLEXIBLE_SINCE) body.skipTaggedFields()
  return {
    topic,
    topicId,
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes,
  }
}

function readForgotten(
  body: Reader,
  version: number,
  topicName: (topicId: string) => string,
): readonly ForgottenPartition[] {
  const flexible = version >= FLEXIBLE_SINCE
  const usesTopicIds = version >= TOPIC_IDS_SINCE
  const topicCount = countIn(body, flexible)
  if (topicCount === 0) return NO_FORGOTTEN
  const forgotten: ForgottenPartition[] = []
  for (let each = 0; each < topicCount; each++) {
    const topicId = usesTopicIds ? body.uuid() : ZERO_UUID
    const topic = usesTopicIds ? topicName(topicId) : readName(body, flexible)
    const count = countIn(body, flexible)
    for (let ofTopic = 0; ofTopic < count; ofTopic++)
      forgotten.push({ topic, topicId, partition: body.int32() })
    if (flexible) body.skipTaggedFields()
  }
  return forgotten
}

/** Who fetches, among the tagged fields at the end; null where it is not said. */
function readReplicaState(body: Reader, version: number): FetchingReplica | null {
  let replica: FetchingReplica | null = null
  const count = body.taggedFieldCount()
  for (let each = 0; each < count; each++) {
    const tag = body.unsignedVarint()
    const size = body.unsignedVarint()
    const start = body.skip(size)
    if (tag !== REPLICA_STATE_TAG || version < REPLICA_STATE_SINCE) continue
    const end = body.position
    body.position = start
    const brokerId = body.int32()
    const brokerEpoch = body.int64()
    body.skipTaggedFields()
    if (body.position !== end)
      throw new InvalidFrameError(`replicaState takes ${body.position - start} of ${size} bytes`)
    if (brokerId >= 0) replica = { brokerId, brokerEpoch }
  }
  return replica
}

function countIn(body: Reader, flexible: boolean): number {
  const count = body.arrayLength(flexible)
  if (count < 0) throw new InvalidFrameError('a list in a Fetch request is null')
  return count
}

function readName(body: Reader, flexible: boolean): string {
  const bytes = body.stringLength(flexible)
  if (bytes < 0) throw new InvalidFrameError('a name in a Fetch request is null')
  return body.utf8(bytes)
}
