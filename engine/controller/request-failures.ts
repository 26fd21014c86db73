/**
 * Answers to requests that failed as a whole and whose answers have no place for that: every item
 * carries the error. Controllers give them, and brokers that pass requests on.
 */
import type { KafkaError } from '../protocol/errors.ts'
import type { CreatePartitionsRequest } from '../protocol/messages/create-partitions.ts'
import type { CreateTopicsRequest } from '../protocol/messages/create-topics.ts'
import type { DeleteTopicsRequest } from '../protocol/messages/delete-topics.ts'

export function createTopicsFailure({ code, reason }: KafkaError, request: CreateTopicsRequest) {
  return {
    topics: request.topics.map(({ name }) => ({ name, errorCode: code, errorMessage: reason })),
  }
}

export function deleteTopicsFailure({ code, reason }: KafkaError, request: DeleteTopicsRequest) {
  const failure = { errorCode: code, errorMessage: reason }
  return {
    responses: [
      ...request.topicNames.map(name => ({ name, ...failure })),
      ...request.topics.map(({ name, topicId }) => ({ name, topicId, ...failure })),
    ],
  }
}

export function createPartitionsFailure(
  { code, reason }: KafkaError,
  request: CreatePartitionsRequest,
) {
  return {
    throttleTimeMs: 0,
    results: request.topics.map(({ name }) => ({ name, errorCode: code, errorMessage: reason })),
  }
}

export function alterConfigsFailure(
  { code, reason }: KafkaError,
  request: {
    readonly resources: readonly { readonly resourceType: number; readonly resourceName: string }[]
  },
) {
  return {
    throttleTimeMs: 0,
    responses: request.resources.map(({ resourceType, resourceName }) => ({
      resourceType,
      resourceName,
      errorCode: code,
      errorMessage: reason,
    })),
  }
}
