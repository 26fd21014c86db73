/** DeleteTopics: by name, or from version 6 on by topic id (KIP-516). */
import { KafkaError } from '../protocol/errors.ts'
import type {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from '../protocol/messages/delete-topics.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import type { ControllerState, Handled, RequestContext } from './handled.ts'
import type { TopicImage } from './image-entries.ts'
import { attempt, messageOf } from './item-error.ts'

type Result = DeleteTopicsResponse['responses'][number]

interface Wanted {
  readonly name: string | null
  readonly topicId: string
}

export function deleteTopics(
  state: ControllerState,
  request: DeleteTopicsRequest,
  context: RequestContext,
): Handled<DeleteTopicsResponse> {
  const wanted: readonly Wanted[] =
    context.apiVersion >= 6
      ? request.topics
      : request.topicNames.map(name => ({ name, topicId: ZERO_UUID }))
  const counts = countByKey(state, wanted)
  const records: MetadataRecord[] = []
  const responses = new Map<string, Result>()
  for (const each of wanted) {
    const answeredAs = `${each.name ?? ''} ${each.topicId}`
    if (responses.has(answeredAs)) continue
    const result = attempt<Result>(
      () => {
        const topic = deletable(state, each, counts, context.apiVersion)
        records.push({ type: 'RemoveTopicRecord', value: { topicId: topic.topicId } })
        return { name: topic.name, topicId: topic.topicId, errorCode: 0, errorMessage: null }
      },
      error => ({
        name: each.name,
        topicId: each.topicId,
        errorCode: error.code,
        errorMessage: messageOf(error),
      }),
    )
    responses.set(answeredAs, result)
  }
  return { records, response: { throttleTimeMs: 0, responses: [...responses.values()] } }
}

function deletable(
  state: ControllerState,
  wanted: Wanted,
  counts: ReadonlyMap<string, number>,
  apiVersion: number,
): TopicImage {
  const { name, topicId } = wanted
  const called = name ?? topicId
  if (!state.settings().deleteTopicEnable)
    throw new KafkaError(
      apiVersion < 3 ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED',
      `topic '${called}' stays: topic deletion is switched off (delete.topic.enable)`,
    )
  if (name !== null && topicId !== ZERO_UUID)
    throw new KafkaError(
      'INVALID_REQUEST',
      `topic '${name}' is given by name and by id: one will do`,
    )
  if (name === null && topicId === ZERO_UUID)
    throw new KafkaError('INVALID_REQUEST', 'a topic is given neither by name nor by id')
  if ((counts.get(keyOf(state, wanted)) ?? 0) > 1)
    throw new KafkaError(
      'INVALID_REQUEST',
      `topic '${called}' stands in the request more than once`,
    )
  const topic =
    name === null ? state.image.topicsById.get(topicId) : state.image.topicsByName.get(name)
  if (topic !== undefined) return topic
  if (name === null) throw new KafkaError('UNKNOWN_TOPIC_ID', `no topic has the id ${topicId}`)
  throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic '${name}' does not exist`)
}

/** One key for a topic however it is given, so that name and id of the same one are seen. */
function keyOf(state: ControllerState, { name, topicId }: Wanted): string {
  if (name === null) return topicId
  return state.image.topicsByName.get(name)?.topicId ?? `name ${name}`
}

function countByKey(
  state: ControllerState,
  wanted: readonly Wanted[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const each of wanted) {
    const key = keyOf(state, each)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
