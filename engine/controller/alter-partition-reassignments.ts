/**
 * AlterPartitionReassignments and ListPartitionReassignments (KIP-455): partitions move to other
 * brokers. A move only begins, or is given up, here; it is complete when an ISR says so.
 */
import { errorCode, KafkaError } from '../protocol/errors.ts'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../protocol/messages/alter-partition-reassignments.ts'
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../protocol/messages/list-partition-reassignments.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { validateReplicas } from './assignment.ts'
import type { ControllerState, Handled } from './handled.ts'
import type { PartitionImage, TopicImage } from './image-entries.ts'
import { attempt, messageOf } from './item-error.ts'
import type { MetadataImage } from './metadata-image.ts'
import { partitionChange, type PartitionChange } from './partition-change.ts'
import { rulesOfTopic, uncleanElectionAllowed } from './partition-rules.ts'
import { begun, reassigning, reverted } from './reassignment.ts'

type WantedTopic = AlterPartitionReassignmentsRequest['topics'][number]
type WantedPartition = WantedTopic['partitions'][number]
type Result = AlterPartitionReassignmentsResponse['responses'][number]['partitions'][number]

export function alterPartitionReassignments(
  state: ControllerState,
  request: AlterPartitionReassignmentsRequest,
): Handled<AlterPartitionReassignmentsResponse> {
  const { allowReplicationFactorChange } = request
  const records: MetadataRecord[] = []
  const alter = (name: string, wanted: WantedPartition): Result => {
    const { partitionIndex } = wanted
    return attempt<Result>(
      () => {
        const change = altered(state, name, wanted, allowReplicationFactorChange)
        if (change !== null) records.push(change)
        return { partitionIndex, errorCode: errorCode('NONE'), errorMessage: null }
      },
      error => ({ partitionIndex, errorCode: error.code, errorMessage: messageOf(error) }),
    )
  }
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(wanted => alter(name, wanted)),
  }))
  return {
    records,
    response: {
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: errorCode('NONE'),
      errorMessage: null,
      responses,
    },
  }
}

function altered(
  state: ControllerState,
  name: string,
  { partitionIndex, replicas }: WantedPartition,
  allowReplicationFactorChange: boolean,
): PartitionChange | null {
  const topic = state.image.topicsByName.get(name)
  if (topic === undefined)
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic '${name}' does not exist`)
  const before = topic.partitions[partitionIndex]
  if (before === undefined)
    throw new KafkaError(
      'UNKNOWN_TOPIC_OR_PARTITION',
      `partition ${name}-${partitionIndex} does not exist`,
    )
  if (replicas === null) return cancelled(state, topic, partitionIndex, before)
  validateReplicas(state, `${name}-${partitionIndex}`, replicas)
  const factor = replicationFactorOf(before)
  if (!allowReplicationFactorChange && replicas.length !== factor)
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `${name}-${partitionIndex}: ${replicas.length} replicas would change the replication ` +
        `factor, which is ${factor}`,
    )
  const rulesOf = rulesOfTopic(state, topic, { election: 'online' })
  const place = { topicId: topic.topicId, partitionIndex }
  return partitionChange(place, before, begun(before, replicas), rulesOf(before))
}

/** How many replicas there are once a move that is under way is over. */
function replicationFactorOf({ replicas, removingReplicas }: PartitionImage): number {
  return replicas.length - removingReplicas.length
}

function cancelled(
  state: ControllerState,
  topic: TopicImage,
  partitionIndex: number,
  before: PartitionImage,
): PartitionChange | null {
  const name = `${topic.name}-${partitionIndex}`
  if (!reassigning(before))
    throw new KafkaError('NO_REASSIGNMENT_IN_PROGRESS', `${name} is not being moved`)
  const { unclean, ...target } = reverted(before)
  if (unclean && !uncleanElectionAllowed(state, topic.name))
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      `${name}: none of the old replicas is in sync, so going back would need an unclean election`,
    )
  const rulesOf = rulesOfTopic(state, topic)
  const place = { topicId: topic.topicId, partitionIndex }
  return partitionChange(place, before, target, rulesOf(before))
}

export function listPartitionReassignments(
  image: MetadataImage,
  { topics }: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponse {
  const asked =
    topics === null
      ? [...image.topicsByName.values()].map(topic => ({ topic, indexes: null }))
      : topics.map(({ name, partitionIndexes }) => ({
          topic: image.topicsByName.get(name),
          indexes: partitionIndexes,
        }))
  const moving = asked.flatMap(({ topic, indexes }) => {
    if (topic === undefined) return []
    const partitions = movesOf(topic, indexes ?? [...topic.partitions.keys()])
    return partitions.length === 0 ? [] : [{ name: topic.name, partitions }]
  })
  return { throttleTimeMs: 0, errorCode: errorCode('NONE'), errorMessage: null, topics: moving }
}

function movesOf(topic: TopicImage, indexes: readonly number[]) {
  return indexes.flatMap(partitionIndex => {
    const partition = topic.partitions[partitionIndex]
    if (partition === undefined || !reassigning(partition)) return []
    const { replicas, addingReplicas, removingReplicas } = partition
    return [{ partitionIndex, replicas, addingReplicas, removingReplicas }]
  })
}
