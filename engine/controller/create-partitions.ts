/** CreatePartitions: a topic gets more partitions, never fewer. Its keys then spread anew. */
import { KafkaError } from '../protocol/errors.ts'
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from '../protocol/messages/create-partitions.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import {
  manualAssignment,
  partitionRecord,
  PARTITIONS_PER_REQUEST_MAX,
  placedAssignments,
  type Assignment,
} from './assignment.ts'
import type { ControllerState, Handled } from './handled.ts'
import type { TopicImage } from './image-entries.ts'
import { attempt, messageOf } from './item-error.ts'

type Wanted = CreatePartitionsRequest['topics'][number]
type Result = CreatePartitionsResponse['results'][number]

export function createPartitions(
  state: ControllerState,
  request: CreatePartitionsRequest,
): Handled<CreatePartitionsResponse> {
  const counts = new Map<string, number>()
  for (const { name } of request.topics) counts.set(name, (counts.get(name) ?? 0) + 1)
  const records: MetadataRecord[] = []
  const results = new Map<string, Result>()
  for (const wanted of request.topics) {
    const { name } = wanted
    if (results.has(name)) continue
    const result = attempt<Result>(
      () => {
        if (counts.get(name)! > 1)
          throw new KafkaError(
            'INVALID_REQUEST',
            `topic '${name}' stands in the request more than once`,
          )
        for (const record of newPartitions(state, wanted, records.length)) records.push(record)
        return { name, errorCode: 0, errorMessage: null }
      },
      error => ({ name, errorCode: error.code, errorMessage: messageOf(error) }),
    )
    results.set(name, result)
  }
  return {
    records: request.validateOnly ? [] : records,
    response: { throttleTimeMs: 0, results: [...results.values()] },
  }
}

function newPartitions(
  state: ControllerState,
  wanted: Wanted,
  createdBefore: number,
): readonly MetadataRecord[] {
  const { name, count } = wanted
  const topic = state.image.topicsByName.get(name)
  if (topic === undefined)
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic '${name}' does not exist`)
  const existing = topic.partitions.length
  if (count === existing)
    throw new KafkaError('INVALID_PARTITIONS', `topic '${name}' has ${existing} partitions already`)
  if (count < existing)
    throw new KafkaError(
      'INVALID_PARTITIONS',
      `topic '${name}' has ${existing} partitions; ${count} would be fewer, ` +
        'and none can be taken away',
    )
  if (createdBefore + count - existing > PARTITIONS_PER_REQUEST_MAX)
    throw new KafkaError(
      'POLICY_VIOLATION',
      `${createdBefore + count - existing} new partitions in one request are more than ` +
        `${PARTITIONS_PER_REQUEST_MAX}`,
    )
  return assignmentsOf(state, topic, wanted).map((assignment, index) =>
    partitionRecord(state, topic.topicId, existing + index, assignment),
  )
}

function assignmentsOf(
  state: ControllerState,
  topic: TopicImage,
  { name, count, assignments }: Wanted,
): readonly Assignment[] {
  const existing = topic.partitions.length
  const partitionCount = count - existing
  const replicationFactor = topic.partitions[0]!.replicas.length
  if (assignments === null) return placedAssignments(state, { partitionCount, replicationFactor })
  if (assignments.length !== partitionCount)
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      `topic '${name}' gets ${partitionCount} new partitions, ` +
        `and ${assignments.length} assignments are given`,
    )
  return assignments.map(({ brokerIds }, index) =>
    manualAssignment(state, `${name}-${existing + index}`, brokerIds, replicationFactor),
  )
}
