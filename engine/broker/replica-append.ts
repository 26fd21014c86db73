/**
 * Does to a follower's log what its core decides on an answer: appends, truncates, moves the log
 * start. The records are written from where they lie; nothing of them is copied.
 */
import type { PartitionLog } from '../log/partition-log.ts'
import type { Logger } from '../ports/logger.ts'
import { KafkaError } from '../protocol/errors.ts'
import { baseOffsetOf, wholeBatchSize } from '../protocol/records/record-batch.ts'
import type { PartitionFollower } from '../replica/partition-follower.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { Partition } from './partition.ts'
import type { AnsweredPartition } from './replica-fetch-answer.ts'

/** `changed`: the leader is to be told a new position. `lost`: it must first be found. */
export type AppliedAnswer = 'unchanged' | 'changed' | 'lost'

interface Context {
  readonly nowMs: number
  readonly backoffMs: number
  readonly logger: Logger
}

export function applyAnswer(
  partition: Partition,
  following: PartitionFollower,
  answer: AnsweredPartition,
  context: Context,
): AppliedAnswer {
  try {
    return apply(partition, following, answer, context)
  } catch (error) {
    // Waiting for a full disk, or for records that came damaged: they are asked for again.
    if (!(error instanceof KafkaError) && !(error instanceof OperationalError)) throw error
    context.logger.warn(`${partition.name}: ${error.message}`)
    following.failed(context.nowMs, context.backoffMs)
    // What was asked for may have been done in part.
    following.logChanged(partition.log)
    return 'changed'
  }
}

function apply(
  partition: Partition,
  following: PartitionFollower,
  answer: AnsweredPartition,
  context: Context,
): AppliedAnswer {
  const { log } = partition
  const order = following.answered(answer, log, context)
  switch (order.type) {
    case 'append':
      return append(log, following, answer, context)
    case 'truncate': {
      if (order.offset < following.highWatermark)
        context.logger.warn(
          `${partition.name}: truncated to ${order.offset}, below the high watermark ` +
            `${following.highWatermark}: the leader has another history`,
        )
      log.truncateTo(order.offset, context)
      following.logChanged(log)
      return 'changed'
    }
    case 'find-range':
      return 'lost'
    case 'wait':
    case 'stop':
      return 'changed'
  }
}

function append(
  log: PartitionLog,
  following: PartitionFollower,
  { records, highWatermark, logStartOffset }: AnsweredPartition,
  { nowMs }: Context,
): AppliedAnswer {
  if (records.length > 0) appendRecords(log, records, nowMs)
  following.leaderSaid(highWatermark, log.logEndOffset)
  const startMoves = followLogStart(log, following, logStartOffset)
  return records.length > 0 || startMoves ? 'changed' : 'unchanged'
}

function appendRecords(log: PartitionLog, records: Uint8Array, nowMs: number): void {
  const { logStartOffset, logEndOffset } = log
  const beginsInside =
    logEndOffset === logStartOffset &&
    wholeBatchSize(records, 0, records.length) > 0 &&
    baseOffsetOf(records, 0) < logEndOffset
  if (!beginsInside) {
    log.appendAsFollower(records, { nowMs })
    return
  }
  // The leader's log start lies inside a batch (DeleteRecords), which an empty log begins with.
  log.truncateFullyAndStartAt(baseOffsetOf(records, 0), { nowMs })
  log.appendAsFollower(records, { nowMs })
  log.deleteRecordsBefore(logStartOffset < log.logEndOffset ? logStartOffset : log.logEndOffset)
}

/** Records that the leader has deleted go here, too, as far as they are known to be committed. */
function followLogStart(
  log: PartitionLog,
  following: PartitionFollower,
  leaderStart: bigint,
): boolean {
  const { highWatermark } = following
  const target = leaderStart < highWatermark ? leaderStart : highWatermark
  if (target <= log.logStartOffset) return false
  log.deleteRecordsBefore(target)
  following.logChanged(log)
  return true
}
