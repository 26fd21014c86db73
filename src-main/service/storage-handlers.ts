/** What lies on disk: where it lies the broker says, what is in it the inspect workers read. */
import type { LogDescription } from '../../engine/log/describe-log.ts'
import { segmentFileName, type SegmentFileKind } from '../../engine/log/log-file-names.ts'
import { OFFSET_INDEX_ENTRY_BYTES } from '../../engine/log/offset-index.ts'
import { TIME_INDEX_ENTRY_BYTES } from '../../engine/log/time-index.ts'
import { localOf, type LocalCluster } from '../clusters/local-cluster.ts'
import { ContractError, type InputOf } from '../contract/define.ts'
import type { storageApi } from '../contract/api/storage.ts'
import type {
  BrokerStorage,
  PartitionStorage,
  StorageFile,
  StorageSegment,
} from '../contract/model/storage.ts'
import { problemOf } from '../contract/problem.ts'
import { describeMetadata } from '../lookups/cluster-topics.ts'
import { forecastRetention } from '../storage/retention-forecast.ts'
import { storageProducer } from '../storage/segment-file.ts'
import type { Commands, ServiceContext } from './handlers.ts'

type Place = Pick<
  InputOf<typeof storageApi, 'storage.compression'>,
  'cluster' | 'topic' | 'partition' | 'brokerId'
>
type SegmentPlace = InputOf<typeof storageApi, 'storage.compression'>

export function storageHandlers({ clusters, workers, nowMs }: ServiceContext) {
  const logOf = async ({ cluster, topic, partition, brokerId }: Place) => {
    const log = await localOf(clusters.get(cluster)).ask(brokerId, {
      type: 'log',
      topic,
      partition,
    })
    if (log !== null) return log
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `broker ${brokerId} has no replica of ${topic}-${partition}`,
    })
  }
  const segmentOf = async (place: SegmentPlace) => {
    const { folder, segments } = await logOf(place)
    const segment = segments.find(({ baseOffset }) => baseOffset === place.baseOffset)
    if (segment !== undefined)
      return {
        cluster: place.cluster,
        folder,
        baseOffset: place.baseOffset,
        end: segment.sizeBytes,
      }
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `${place.topic}-${place.partition} has no segment at ${place.baseOffset} any more`,
      remedy: 'Retention or a deletion took it. Look at the list of segments again.',
    })
  }
  const commands = {
    'storage.partition': async ({ cluster, topic, partition, brokerId }) => {
      const { client } = clusters.get(cluster)
      const { partitions } = await describeMetadata(client, topic)
      const found = partitions.find(({ partitionIndex }) => partitionIndex === partition)
      if (found === undefined)
        throw new ContractError({
          code: 'UNKNOWN_TOPIC_OR_PARTITION',
          message: `${topic} has no partition ${partition}`,
        })
      const { leaderId, replicaNodes } = found
      const first = leaderId >= 0 ? leaderId : (replicaNodes[0] ?? -1)
      const chosen = brokerId ?? first
      const log = await logOf({ cluster, topic, partition, brokerId: chosen })
      const files = await workers.call('files.list', { cluster, folder: log.folder })
      const replicas = [first, ...replicaNodes.filter(id => id !== first)]
      const place = { topic, partition, brokerId: chosen, replicas }
      return partitionStorage(place, log, files, BigInt(Math.floor(nowMs())))
    },
    'storage.batches': async ({ from, limit, ...place }, signal) =>
      workers.pass('files.batches', { ...(await segmentOf(place)), from, limit }, { signal }),
    'storage.batch': async ({ position, ...place }, signal) =>
      workers.pass('files.batch', { ...(await segmentOf(place)), position }, { signal }),
    'storage.index': async ({ kind, from, limit, ...place }, signal) =>
      workers.pass('files.index', { ...(await segmentOf(place)), kind, from, limit }, { signal }),
    // A snapshot may stand where no segment begins, as that of a clean stop.
    'storage.snapshot': async (place, signal) => {
      const { folder } = await logOf(place)
      const { cluster, baseOffset } = place
      return workers.pass('files.snapshot', { cluster, folder, baseOffset, end: 0 }, { signal })
    },
    'storage.compression': async (place, signal) =>
      workers.pass('files.compression', await segmentOf(place), { signal }),
    'storage.brokers': async ({ cluster }) => {
      const registered = clusters.get(cluster)
      const local = localOf(registered)
      const { brokers } = await registered.client.metadata([])
      const ids = brokers.map(({ nodeId }) => nodeId).sort((a, b) => a - b)
      return Promise.all(ids.map(brokerId => brokerStorage(local, brokerId)))
    },
  } satisfies Commands
  return { commands }
}

async function brokerStorage(local: LocalCluster, brokerId: number): Promise<BrokerStorage> {
  try {
    const logs = await local.ask(brokerId, { type: 'logs' })
    return {
      brokerId,
      problem: null,
      logCount: logs.length,
      segmentCount: logs.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
      sizeBytes: logs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }
  } catch (error) {
    // Waiting for all brokers: one that has just stopped does not hide what the others keep.
    return { brokerId, problem: problemOf(error), logCount: 0, segmentCount: 0, sizeBytes: 0 }
  }
}

function partitionStorage(
  place: Pick<PartitionStorage, 'topic' | 'partition' | 'brokerId' | 'replicas'>,
  log: LogDescription,
  files: readonly StorageFile[],
  nowMs: bigint,
): PartitionStorage {
  const forecasts = forecastRetention(log, nowMs)
  const sizes = new Map(files.map(({ name, sizeBytes }) => [name, sizeBytes]))
  const { logStartOffset, highWatermark, logEndOffset, recoveryPoint, folder, epochs } = log
  return {
    ...place,
    folder,
    logStartOffset,
    highWatermark,
    logEndOffset,
    recoveryPoint,
    segments: log.segments.map((segment, index): StorageSegment => {
      const bytesOf = (kind: SegmentFileKind) =>
        sizes.get(segmentFileName(segment.baseOffset, kind)) ?? null
      const offsetIndexBytes = bytesOf('index')
      const timeIndexBytes = bytesOf('timeindex')
      return {
        baseOffset: segment.baseOffset,
        nextOffset: segment.nextOffset,
        sizeBytes: segment.sizeBytes,
        maxTimestampMs: segment.maxTimestampMs,
        active: segment.active,
        logFileBytes: bytesOf('log'),
        offsetIndexBytes,
        timeIndexBytes,
        snapshotBytes: bytesOf('snapshot'),
        offsetIndexEntries: Math.floor((offsetIndexBytes ?? 0) / OFFSET_INDEX_ENTRY_BYTES),
        timeIndexEntries: Math.floor((timeIndexBytes ?? 0) / TIME_INDEX_ENTRY_BYTES),
        forecast: forecasts[index]!,
      }
    }),
    files,
    epochs,
    producers: log.producers.map(storageProducer),
    retention: { ...log.retention, cleanupPolicy: log.retention.cleanupPolicy.join(',') },
    observedAtMs: nowMs,
  }
}
