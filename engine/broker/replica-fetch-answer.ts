/**
 * Reads a leader's Fetch answer by hand, where it lies in the network's own bytes: the records of
 * each partition are handed on as views, to be written before the next bytes are read.
 */
import { errorName, type ErrorName } from '../protocol/errors.ts'
import type { Reader } from '../protocol/reader.ts'
import type { EpochEnd } from '../replica/partition-follower.ts'

/** Topics by id, and what brokers of one version speak among themselves. */
export const REPLICA_FETCH_VERSION_MIN = 15
const DIVERGING_EPOCH_TAG = 0
const ABORTED_TRANSACTION_BYTES = 8 + 8

export interface AnsweredPartition {
  readonly topicId: string
  readonly index: number
  readonly error: ErrorName
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
  readonly divergingEpoch: EpochEnd | null
  /** Valid during the call only. */
  readonly records: Uint8Array
}

export interface FetchAnswerHead {
  readonly error: ErrorName
  readonly sessionId: number
}

/** Throws an `InvalidFrameError` for bytes that are no answer. */
export function readReplicaFetchAnswer(
  answer: Reader,
  onPartition: (partition: AnsweredPartition) => void,
): FetchAnswerHead {
  answer.int32() // throttleTimeMs
  const error = errorName(answer.int16())
  const sessionId = answer.int32()
  const topicCount = answer.arrayLength(true)
  for (let topic = 0; topic < topicCount; topic++) {
    const topicId = answer.uuid()
    const partitionCount = answer.arrayLength(true)
    for (let each = 0; each < partitionCount; each++) onPartition(readPartition(answer, topicId))
    answer.skipTaggedFields()
  }
  answer.skipTaggedFields()
  return { error, sessionId }
}

function readPartition(answer: Reader, topicId: string): AnsweredPartition {
  const index = answer.int32()
  const errorCode = answer.int16()
  const highWatermark = answer.int64()
  answer.int64() // lastStableOffset
  const logStartOffset = answer.int64()
  const abortedCount = answer.arrayLength(true)
  for (let aborted = 0; aborted < abortedCount; aborted++) {
    answer.skip(ABORTED_TRANSACTION_BYTES)
    answer.skipTaggedFields()
  }
  answer.int32() // preferredReadReplica
  const records = answer.view(Math.max(0, answer.bytesLength(true)))
  const divergingEpoch = readDivergingEpoch(answer)
  return {
    topicId,
    index,
    error: errorName(errorCode),
    highWatermark,
    logStartOffset,
    divergingEpoch,
    records,
  }
}

function readDivergingEpoch(answer: Reader): EpochEnd | null {
  let diverging: EpochEnd | null = null
  const tagCount = answer.taggedFieldCount()
  for (let tag = 0; tag < tagCount; tag++) {
    const id = answer.unsignedVarint()
    const end = answer.unsignedVarint() + answer.position
    if (id === DIVERGING_EPOCH_TAG)
      diverging = { leaderEpoch: answer.int32(), endOffset: answer.int64() }
    answer.skip(end - answer.position)
  }
  return diverging
}
