/**
 * Fetch (key 1) on the controller's listener: brokers replay the metadata log through it, long
 * polling as any follower does. There is one partition, so neither sessions nor budgets apply.
 */
import { METADATA_TOPIC_ID } from '../controller/topic-names.ts'
import { KafkaError } from '../protocol/errors.ts'
import { fetchRequest, fetchResponse, type FetchRequest } from '../protocol/messages/fetch.ts'
import { servedApi, type RequestContext, type ServedApi } from '../server/dispatcher.ts'
import type { ControllerServices } from './controller-apis.ts'

/** By topic id, as nodes of the quorum ask. */
const FIRST_VERSION = 13
const READ_BYTES_MAX = 8 * 1024 * 1024

export function metadataFetch(services: ControllerServices): ServedApi {
  const { log, waitingFetches, clock } = services
  return servedApi({
    request: fetchRequest,
    response: fetchResponse,
    accepts: [FIRST_VERSION, fetchRequest.versions[1]],
    async handle(request, context) {
      const asked = partitionAsked(request)
      if (asked.fetchOffset >= log.endOffset && request.maxWaitMs > 0)
        await arrival(request, context)
      let records = Buffer.alloc(0)
      const { length } = log.log.read(
        {
          fetchOffset: asked.fetchOffset,
          maxBytes: READ_BYTES_MAX,
          upToOffset: log.endOffset,
          minOneBatch: true,
        },
        {
          room(bytes) {
            records = Buffer.allocUnsafe(bytes)
            return { target: records, start: 0 }
          },
        },
      )
      return {
        throttleTimeMs: 0,
        sessionId: 0,
        responses: [
          {
            topicId: METADATA_TOPIC_ID,
            partitions: [
              {
                partitionIndex: 0,
                errorCode: 0,
                highWatermark: log.endOffset,
                lastStableOffset: log.endOffset,
                logStartOffset: log.log.logStartOffset,
                abortedTransactions: null,
                records: records.subarray(0, length),
              },
            ],
          },
        ],
      }
    },
    failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, sessionId: 0, responses: [] }),
  })

  /** Settles when the log grows, when the time is up, or when the asker is gone. */
  function arrival(request: FetchRequest, { nowMs, connection }: RequestContext): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        cancel()
        connection.onAskerGone = null
        waitingFetches.remove(waiting)
        resolve()
      }
      const waiting = { partitions: [log], missingBytes: 1, complete: done }
      const cancel = clock.at(nowMs + request.maxWaitMs, done)
      connection.onAskerGone = done
      waitingFetches.add(waiting)
    })
  }
}

function partitionAsked(request: FetchRequest) {
  const [topic] = request.topics
  const [partition] = topic?.partitions ?? []
  if (topic?.topicId !== METADATA_TOPIC_ID || partition?.partition !== 0)
    throw new KafkaError('UNKNOWN_TOPIC_ID', 'a controller holds the metadata log alone')
  return partition
}
