/**
 * ElectLeaders (KIP-460): somebody asks for the preferred leaders back, or, where no clean leader
 * is left, for a leader at the price of lost records.
 */
import { errorCode, KafkaError } from '../protocol/errors.ts'
import type {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from '../protocol/messages/elect-leaders.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import type { ControllerState, Handled, RequestContext } from './handled.ts'
import { NO_LEADER, type PartitionImage, type TopicImage } from './image-entries.ts'
import { attempt, messageOf } from './item-error.ts'
import { partitionChange, type PartitionChange } from './partition-change.ts'
import { rulesOfTopic } from './partition-rules.ts'

/** ElectionType of a request. */
export const electionTypes = { PREFERRED: 0, UNCLEAN: 1 } as const

type AskedElection = 'preferred' | 'unclean'
type TopicResult = ElectLeadersResponse['replicaElectionResults'][number]
type PartitionResult = TopicResult['partitionResult'][number]

export function electLeaders(
  state: ControllerState,
  request: ElectLeadersRequest,
  { apiVersion }: RequestContext,
): Handled<ElectLeadersResponse> {
  return attempt<Handled<ElectLeadersResponse>>(
    () => {
      // Version 0 knows one kind alone.
      const election = electionOf(apiVersion === 0 ? electionTypes.PREFERRED : request.electionType)
      const records: MetadataRecord[] = []
      const replicaElectionResults =
        request.topicPartitions === null
          ? electEverywhere(state, election, records)
          : request.topicPartitions.map(({ topic, partitions }) => ({
              topic,
              partitionResult: partitions.map(index =>
                resultOf(state, election, { topic, index }, records),
              ),
            }))
      return {
        records,
        response: { throttleTimeMs: 0, errorCode: errorCode('NONE'), replicaElectionResults },
      }
    },
    error => ({ records: [], response: electionFailure(error, request) }),
  )
}

/** The answer when nothing was decided; version 0 has no error for the request as a whole. */
export function electionFailure(
  { code, reason }: KafkaError,
  { topicPartitions }: ElectLeadersRequest,
): ElectLeadersResponse {
  return {
    throttleTimeMs: 0,
    errorCode: code,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map(partitionId => ({
        partitionId,
        errorCode: code,
        errorMessage: reason,
      })),
    })),
  }
}

function electionOf(type: number): AskedElection {
  switch (type) {
    case electionTypes.PREFERRED:
      return 'preferred'
    case electionTypes.UNCLEAN:
      return 'unclean'
    default:
      throw new KafkaError('INVALID_REQUEST', `there is no election of type ${type}`)
  }
}

/** Partitions that are as they should be are left out of the answer. */
function electEverywhere(
  state: ControllerState,
  election: AskedElection,
  records: MetadataRecord[],
): readonly TopicResult[] {
  const notNeeded = errorCode('ELECTION_NOT_NEEDED')
  return [...state.image.topicsByName.values()].map(({ name, partitions }) => ({
    topic: name,
    partitionResult: partitions
      .map((_, index) => resultOf(state, election, { topic: name, index }, records))
      .filter(result => result.errorCode !== notNeeded),
  }))
}

function resultOf(
  state: ControllerState,
  election: AskedElection,
  asked: { readonly topic: string; readonly index: number },
  records: MetadataRecord[],
): PartitionResult {
  const { topic: name, index: partitionId } = asked
  return attempt<PartitionResult>(
    () => {
      const topic = state.image.topicsByName.get(name)
      if (topic === undefined)
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic '${name}' does not exist`)
      if (topic.partitions[partitionId] === undefined)
        throw new KafkaError(
          'UNKNOWN_TOPIC_OR_PARTITION',
          `partition ${name}-${partitionId} does not exist`,
        )
      records.push(electedLeader(state, topic, partitionId, election))
      return { partitionId, errorCode: errorCode('NONE'), errorMessage: null }
    },
    error => ({ partitionId, errorCode: error.code, errorMessage: messageOf(error) }),
  )
}

/** Fails where no election is needed, and where nobody may be elected. */
export function electedLeader(
  state: ControllerState,
  topic: TopicImage,
  partitionIndex: number,
  election: AskedElection,
): PartitionChange {
  const partition = topic.partitions[partitionIndex]!
  const name = `${topic.name}-${partitionIndex}`
  if (asItShouldBe(partition, election))
    throw new KafkaError('ELECTION_NOT_NEEDED', `${name} is led by broker ${partition.leader}`)
  const rulesOf = rulesOfTopic(state, topic, { election })
  const place = { topicId: topic.topicId, partitionIndex }
  const change = partitionChange(place, partition, {}, rulesOf(partition))
  if (change !== null) return change
  if (election === 'preferred')
    throw new KafkaError(
      'PREFERRED_LEADER_NOT_AVAILABLE',
      `${name}: broker ${partition.replicas[0]} is not alive, or not in sync`,
    )
  throw new KafkaError('ELIGIBLE_LEADERS_NOT_AVAILABLE', `${name}: no replica is alive`)
}

function asItShouldBe(partition: PartitionImage, election: AskedElection): boolean {
  return election === 'preferred'
    ? partition.leader === partition.replicas[0]
    : partition.leader !== NO_LEADER
}
