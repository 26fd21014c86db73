/** DescribeLogDirs (key 35): what lies in this broker's log folder. */
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../protocol/messages/describe-log-dirs.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { Partition } from '../partition.ts'

export function describeLogDirs(broker: BrokerServices): ServedApi {
  return servedApi({
    request: describeLogDirsRequest,
    response: describeLogDirsResponse,
    accepts: [1, 5],
    handle({ topics }) {
      const asked =
        topics === null
          ? null
          : new Set(
              topics.flatMap(({ topic, partitions }) => partitions.map(each => `${topic}-${each}`)),
            )
      const byTopic = new Map<string, Partition[]>()
      for (const partition of broker.replicas.all()) {
        if (asked !== null && !asked.has(partition.name)) continue
        const held = byTopic.get(partition.topic)
        if (held === undefined) byTopic.set(partition.topic, [partition])
        else held.push(partition)
      }
      const { totalBytes, freeBytes } = broker.replicas.space()
      return {
        throttleTimeMs: 0,
        results: [
          {
            errorCode: 0,
            logDir: broker.replicas.folderPath,
            topics: [...byTopic].map(([name, partitions]) => ({
              name,
              partitions: partitions.map(({ index, log }) => ({
                partitionIndex: index,
                partitionSize: BigInt(log.sizeBytes),
                // How far a follower's log is behind the high watermark: a leader's is not.
                offsetLag: 0n,
                isFutureKey: false,
              })),
            })),
            totalBytes,
            usableBytes: freeBytes,
          },
        ],
      }
    },
    failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, results: [] }),
  })
}
