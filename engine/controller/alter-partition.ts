/**
 * AlterPartition (KIP-497): a leader asks for another ISR. It is the only way into an ISR, so
 * every check that keeps out a broker which may lack records is here (KIP-841, KIP-903).
 */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from '../protocol/messages/alter-partition.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { brokerOfEpoch } from './broker-lifecycle.ts'
import type { ControllerState, Handled, RequestContext } from './handled.ts'
import { changedPartition, NO_LEADER_CHANGE, type PartitionImage } from './image-entries.ts'
import { attempt } from './item-error.ts'
import { partitionChange, recoveryStates, type PartitionChange } from './partition-change.ts'
import { isActive, rulesOfTopic } from './partition-rules.ts'

type WantedTopic = AlterPartitionRequest['topics'][number]
type WantedPartition = WantedTopic['partitions'][number]
type Result = AlterPartitionResponse['topics'][number]['partitions'][number]

interface Member {
  readonly brokerId: number
  readonly brokerEpoch: bigint
}

/** Stands for "any epoch", from a leader that has not been told. */
const ANY_EPOCH = -1n
/** Version 3 says the broker epochs of the ISR. */
const EPOCHS_SINCE = 3

export function alterPartition(
  state: ControllerState,
  request: AlterPartitionRequest,
  { apiVersion }: RequestContext,
): Handled<AlterPartitionResponse> {
  return attempt<Handled<AlterPartitionResponse>>(
    () => {
      const { brokerId, brokerEpoch } = request
      brokerOfEpoch(state, brokerId, brokerEpoch)
      const records: MetadataRecord[] = []
      const topics = request.topics.map(wanted => ({
        topicId: wanted.topicId,
        partitions: alteredPartitions(state, { brokerId, apiVersion }, wanted, records),
      }))
      return { records, response: { throttleTimeMs: 0, errorCode: errorCode('NONE'), topics } }
    },
    ({ code }) => ({
      records: [],
      response: { throttleTimeMs: 0, errorCode: code, topics: [] },
    }),
  )
}

interface Asker {
  readonly brokerId: number
  readonly apiVersion: number
}

function alteredPartitions(
  state: ControllerState,
  asker: Asker,
  wanted: WantedTopic,
  records: MetadataRecord[],
): readonly Result[] {
  const topic = state.image.topicsById.get(wanted.topicId)
  if (topic === undefined)
    return wanted.partitions.map(each => failed(each.partitionIndex, 'UNKNOWN_TOPIC_ID'))
  const rulesOf = rulesOfTopic(state, topic)
  return wanted.partitions.map(each => {
    const { partitionIndex } = each
    const before = topic.partitions[partitionIndex]
    if (before === undefined) return failed(partitionIndex, 'UNKNOWN_TOPIC_OR_PARTITION')
    const isr = isrOf(each, asker.apiVersion)
    const refusal = refusalOf(state, asker.brokerId, before, each, isr)
    if (refusal !== null) return failed(partitionIndex, refusal)
    const change = partitionChange(
      { topicId: topic.topicId, partitionIndex },
      before,
      { isr: isr.map(member => member.brokerId), leaderRecoveryState: each.leaderRecoveryState },
      rulesOf(before),
    )
    if (change === null) return answer(partitionIndex, before)
    records.push(change)
    return resultOf(asker.brokerId, partitionIndex, before, change)
  })
}

/**
 * A leader does not give itself away, but its change may complete a reassignment which takes it
 * out. It is told to wait for the metadata, although its change was made.
 */
function resultOf(
  brokerId: number,
  partitionIndex: number,
  before: PartitionImage,
  { value }: PartitionChange,
): Result {
  if (value.leader !== brokerId && value.leader !== NO_LEADER_CHANGE)
    return failed(partitionIndex, 'NEW_LEADER_ELECTED')
  return answer(partitionIndex, changedPartition(before, value))
}

function isrOf(wanted: WantedPartition, apiVersion: number): readonly Member[] {
  if (apiVersion >= EPOCHS_SINCE) return wanted.newIsrWithEpochs
  return wanted.newIsr.map(brokerId => ({ brokerId, brokerEpoch: ANY_EPOCH }))
}

function refusalOf(
  state: ControllerState,
  brokerId: number,
  before: PartitionImage,
  wanted: WantedPartition,
  isr: readonly Member[],
): ErrorName | null {
  // Whoever knows more than this controller has heard from a later one.
  if (wanted.leaderEpoch > before.leaderEpoch) return 'NOT_CONTROLLER'
  if (wanted.partitionEpoch > before.partitionEpoch) return 'NOT_CONTROLLER'
  if (wanted.leaderEpoch < before.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (brokerId !== before.leader) return 'INVALID_REQUEST'
  if (wanted.partitionEpoch < before.partitionEpoch) return 'INVALID_UPDATE_VERSION'
  const ids = isr.map(member => member.brokerId)
  if (new Set(ids).size < ids.length) return 'INVALID_REQUEST'
  if (!ids.every(id => before.replicas.includes(id))) return 'INVALID_REQUEST'
  if (!ids.includes(brokerId)) return 'INVALID_REQUEST'
  const { RECOVERED, RECOVERING } = recoveryStates
  const { leaderRecoveryState } = wanted
  if (leaderRecoveryState !== RECOVERED && leaderRecoveryState !== RECOVERING)
    return 'INVALID_REQUEST'
  if (leaderRecoveryState === RECOVERING && ids.length > 1) return 'INVALID_REQUEST'
  if (leaderRecoveryState === RECOVERING && before.leaderRecoveryState === RECOVERED)
    return 'INVALID_REQUEST'
  return isr.every(member => eligible(state, member)) ? null : 'INELIGIBLE_REPLICA'
}

/** A broker that restarted since the leader heard from it may have lost what it had (KIP-903). */
function eligible(state: ControllerState, { brokerId, brokerEpoch }: Member): boolean {
  const broker = state.image.brokers.get(brokerId)
  if (broker === undefined || !isActive(broker)) return false
  return brokerEpoch === ANY_EPOCH || broker.brokerEpoch === brokerEpoch
}

function answer(partitionIndex: number, partition: PartitionImage): Result {
  const { leader, leaderEpoch, isr, leaderRecoveryState, partitionEpoch } = partition
  return {
    partitionIndex,
    errorCode: errorCode('NONE'),
    leaderId: leader,
    leaderEpoch,
    isr,
    leaderRecoveryState,
    partitionEpoch,
  }
}

function failed(partitionIndex: number, error: ErrorName): Result {
  return {
    partitionIndex,
    errorCode: errorCode(error),
    leaderId: 0,
    leaderEpoch: 0,
    isr: [],
    leaderRecoveryState: recoveryStates.RECOVERED,
    partitionEpoch: 0,
  }
}
