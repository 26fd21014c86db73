/** Where a leader's log begins and ends, asked for by a follower that fell out of it. */
import type { ClientConnection } from '../client/client-connection.ts'
import { errorName, KafkaError } from '../protocol/errors.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../protocol/messages/list-offsets.ts'
import type { Partition } from './partition.ts'

const LATEST = -1n
const EARLIEST = -2n
const api = { request: listOffsetsRequest, response: listOffsetsResponse }

export async function leaderRange(
  connection: ClientConnection,
  { brokerId, partition }: { readonly brokerId: number; readonly partition: Partition },
): Promise<{ readonly logStartOffset: bigint; readonly logEndOffset: bigint }> {
  const offsetAt = async (timestamp: bigint): Promise<bigint> => {
    const { topic: name, index: partitionIndex, leaderEpoch: currentLeaderEpoch } = partition
    const asked = { partitionIndex, currentLeaderEpoch, timestamp }
    const answer = await connection.request(api, {
      replicaId: brokerId,
      isolationLevel: 0,
      topics: [{ name, partitions: [asked] }],
    })
    const found = answer.topics[0]?.partitions[0]
    if (found === undefined || found.errorCode !== 0)
      throw new KafkaError(
        errorName(found?.errorCode ?? -1),
        `${partition.name}: the leader does not tell its range`,
      )
    return found.offset
  }
  return { logEndOffset: await offsetAt(LATEST), logStartOffset: await offsetAt(EARLIEST) }
}
