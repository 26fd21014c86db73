/** Metadata images as plain values, and the one that a metadata log on a disk amounts to. */
import { metadataLogConfig, MetadataLog } from '../../engine/controller-node/metadata-log.ts'
import { MetadataImage } from '../../engine/controller/metadata-image.ts'
import { LogFolder } from '../../engine/log/log-folder.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { hold } from './violation.ts'

/** Everything that is in an image, as text that is equal where the images are. */
export function imageText(image: MetadataImage): string {
  const { brokers, topicsById, topicsByName, features, nextProducerId, partitionCount } = image
  const configs = [2, 4].flatMap(type =>
    [...image.configuredResources(type)]
      .sort((a, b) => (a < b ? -1 : 1))
      .map(name => [type, name, sorted(image.configs(type, name))]),
  )
  const value = {
    brokers: sorted(brokers),
    topicsById: sorted(topicsById),
    topicsByName: sorted(topicsByName),
    features: sorted(features),
    nextProducerId,
    partitionCount,
    configs,
  }
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each))
}

function sorted<K extends string | number, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Replays the log that lies on a copy of the disk. */
export function rebuiltImage(disk: MemoryDisk, folder: string, clusterId: string, nodeId: number) {
  const image = new MetadataImage()
  const copy = disk.afterKill()
  const opened = LogFolder.open({
    disk: copy,
    folder,
    clusterId,
    nodeId,
    directoryId: 'none',
    configFor: () => metadataLogConfig,
    producerIdExpirationMs: Infinity,
    nowMs: 0,
  })
  const log = new MetadataLog(opened, { disk: copy, nowMs: 0, formattedVoters: [nodeId] })
  const content = log.snapshotContent()
  if (content !== null) {
    const { endOffset, leaderEpoch } = content.snapshot
    image.load(content.records, { lastOffset: endOffset - 1n, lastEpoch: leaderEpoch })
  }
  const from = content?.snapshot.endOffset ?? 0n
  for (const { record, offset, leaderEpoch } of log.records(from, log.endOffset))
    image.replay(record, offset, leaderEpoch)
  opened.abandon()
  hold(copy.openFiles === 0, 'an abandoned folder has no open files')
  return image
}
