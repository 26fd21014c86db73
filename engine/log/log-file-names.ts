/**
 * Kafka's names for the files of a partition and the folders of a log.dir: which file belongs to
 * which segment, and what a suffix says about its life.
 */

export type SegmentFileKind = 'log' | 'index' | 'timeindex' | 'txnindex' | 'snapshot'

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint'
export const PARTITION_METADATA = 'partition.metadata'
export const DELETED_SUFFIX = '.deleted'

const FOLDER_NAME_MAX = 255
const segmentFile =
  /^(\d{20})\.(log|index|timeindex|txnindex|snapshot)(\.deleted|\.cleaned|\.swap)?$/

/** `00000000000000000042.log` */
export function segmentFileName(baseOffset: bigint, kind: SegmentFileKind): string {
  return `${baseOffset.toString().padStart(20, '0')}.${kind}`
}

export interface SegmentFileName {
  readonly baseOffset: bigint
  readonly kind: SegmentFileKind
  readonly suffix: '' | '.deleted' | '.cleaned' | '.swap'
}

/** What a file of a partition's folder is, or null when it is none of a segment's. */
export function readSegmentFileName(name: string): SegmentFileName | null {
  const match = segmentFile.exec(name)
  if (match === null) return null
  return {
    baseOffset: BigInt(match[1]!),
    kind: match[2] as SegmentFileKind,
    suffix: (match[3] ?? '') as SegmentFileName['suffix'],
  }
}

export function partitionFolderName(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

export interface PartitionFolder {
  readonly topic: string
  readonly partition: number
}

/** The partition a folder holds, or null when it holds none (or one that is being deleted). */
export function readPartitionFolderName(name: string): PartitionFolder | null {
  const match = /^([a-zA-Z0-9._-]+)-(\d{1,10})$/.exec(name)
  if (match === null) return null
  return { topic: match[1]!, partition: Number(match[2]) }
}

export function isDeletedFolderName(name: string): boolean {
  return /^\S+-\d+\.[0-9a-f]{32}-delete$/.test(name) || /^\S+\.[0-9a-f]{32}-delete$/.test(name)
}

/** The name a partition's folder gets when its topic is deleted; `uniqueHex` has 32 digits. */
export function deletedFolderName(topic: string, partition: number, uniqueHex: string): string {
  const suffix = `-${partition}.${uniqueHex}-delete`
  return topic.slice(0, FOLDER_NAME_MAX - suffix.length) + suffix
}
