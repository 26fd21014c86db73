/**
 * Fetch (key 1): record batches from the logs that this broker holds, at once or when enough has
 * come (`fetch.min.bytes`, `fetch.max.wait.ms`). Consumers get what is committed; followers get
 * all, and by asking say how far they are.
 *
 * The request is read by hand (`fetch-request.ts`), the logs by `fetch-reader.ts`, the answer is
 * written by `fetch-answer.ts`; who waits for what is in `consumer-fetch.ts`, `replica-fetch.ts`.
 */
import { apiKeys } from '../../protocol/api-keys.ts'
import { errorTable } from '../../protocol/errors.ts'
import { fetchRequest } from '../../protocol/messages/fetch.ts'
import type { RequestContext, ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { ConsumerFetch } from './consumer-fetch.ts'
import { fetchFailure } from './fetch-answer.ts'
import { FetchInHand, type FetchLimits } from './fetch-in-hand.ts'
import { readFetchRequest, type FetchQuestion } from './fetch-request.ts'
import { ReplicaFetch } from './replica-fetch.ts'

export function fetch(broker: BrokerServices): ServedApi {
  const topicName = (topicId: string) => broker.cluster.topicName(topicId) ?? ''
  return {
    apiKey: apiKeys.fetch,
    name: 'Fetch',
    accepts: fetchRequest.versions,
    advertises: fetchRequest.versions,
    flexibleSince: fetchRequest.flexibleSince,
    serve(body, context, respond) {
      const question = readFetchRequest(body, context.apiVersion, topicName)
      const { sessionId, sessionEpoch, usesTopicIds, partitions, forgotten, replica } = question
      const isFollower = replica !== null
      const opened = broker.fetchSessions.open(
        { sessionId, sessionEpoch, usesTopicIds, isFollower, partitions, forgotten, topicName },
        context.nowMs,
      )
      if (opened.type === 'error') {
        respond(fetchFailure(errorTable[opened.error].code, context))
        return
      }
      const limits = limitsOf(broker, question, context)
      const inHand = new FetchInHand(broker, { session: opened.context, limits, context, respond })
      if (replica === null) new ConsumerFetch(broker, inHand).begin()
      else new ReplicaFetch(broker, inHand, replica).begin()
    },
  }
}

function limitsOf(
  broker: BrokerServices,
  question: FetchQuestion,
  { apiVersion, nowMs }: RequestContext,
): FetchLimits {
  const { replica, maxBytes, minBytes, maxWaitMs, isolationLevel, rack } = question
  const bytesMax = replica === null ? broker.settings().fetchMaxBytes : Infinity
  return {
    maxBytes: Math.min(maxBytes, bytesMax),
    minBytes: Math.min(minBytes, bytesMax),
    maxWaitMs,
    deadlineMs: nowMs + maxWaitMs,
    committedOnly: isolationLevel === 1,
    apiVersion,
    replica,
    rack,
  }
}
