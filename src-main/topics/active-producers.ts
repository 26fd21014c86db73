/** `topic.producers`: who wrote to a topic of late, as its leaders remember (KIP-664). */
import type { Client } from '../../engine/client/client.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../engine/protocol/messages/describe-producers.ts'
import type { Problem } from '../contract/define.ts'
import type { ActiveProducer, ActiveProducers } from '../contract/model/topic.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import {
  byLeader,
  codeProblem,
  describeMetadata,
  leadersOf,
  noLeader,
} from '../lookups/cluster-topics.ts'

const api = { request: describeProducersRequest, response: describeProducersResponse }

/** Throws a `ContractError` where the topic cannot be described. */
export async function activeProducers(client: Client, topic: string): Promise<ActiveProducers> {
  const producers: ActiveProducer[] = []
  const problems: { partition: number; problem: Problem }[] = []
  const shares = byLeader([leadersOf(await describeMetadata(client, topic))])
  const asked = [...shares].map(async ([leader, [share]]) => {
    const indexes = [...share!.leaders.keys()]
    if (leader < 0) {
      for (const partition of indexes)
        problems.push({ partition, problem: noLeader(topic, partition) })
      return
    }
    try {
      const { topics } = await askInTime(client, leader, connection =>
        connection.request(api, { topics: [{ name: topic, partitionIndexes: indexes }] }),
      )
      for (const { partitionIndex, errorCode, errorMessage, activeProducers } of topics.flatMap(
        each => each.partitions,
      )) {
        const problem = codeProblem(errorCode, `${topic}-${partitionIndex}`, errorMessage)
        if (problem !== null) problems.push({ partition: partitionIndex, problem })
        for (const each of activeProducers)
          producers.push({
            partition: partitionIndex,
            producerId: each.producerId,
            producerEpoch: each.producerEpoch,
            lastSequence: each.lastSequence,
            lastTimestampMs: each.lastTimestamp < 0n ? null : each.lastTimestamp,
            transactionStartOffset:
              each.currentTxnStartOffset < 0n ? null : each.currentTxnStartOffset,
          })
      }
    } catch (error) {
      // Waiting for all brokers: one that does not answer does not hide what others know.
      const problem = problemOf(error)
      for (const partition of indexes) problems.push({ partition, problem })
    }
  })
  await Promise.all(asked)
  return {
    producers: producers.sort(
      (a, b) =>
        Number((b.lastTimestampMs ?? 0n) - (a.lastTimestampMs ?? 0n)) || a.partition - b.partition,
    ),
    problems: problems.sort((a, b) => a.partition - b.partition),
  }
}
