/**
 * The small text files of a log folder and of its partitions: who owns the folder, which topic a
 * partition belongs to, and whether the last stop was clean.
 */
import type { Disk } from '../ports/disk.ts'
import { OperationalError } from '../support/operational-error.ts'
import { PARTITION_METADATA } from './log-file-names.ts'

export const META_PROPERTIES = 'meta.properties'
export const CLEAN_SHUTDOWN = '.kafka_cleanshutdown'

/** meta.properties, version 1 (KIP-866, KIP-858). */
export interface MetaProperties {
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: string | null
}

export function readMetaProperties(disk: Disk, folder: string): MetaProperties | null {
  const path = `${folder}/${META_PROPERTIES}`
  if (!disk.exists(path)) return null
  const values = new Map<string, string>()
  for (const line of Buffer.from(disk.readFile(path)).toString('utf8').split(/\r?\n/)) {
    const match = /^\s*([^#!=:\s]+)\s*[=:]\s*(.*)$/.exec(line)
    // Java escapes colons and equals signs in values.
    if (match !== null) values.set(match[1]!, match[2]!.replaceAll(/\\([:=#!\\])/g, '$1'))
  }
  const version = values.get('version')
  if (version !== '1') throw new OperationalError(`${path}: version ${version}, where 1 is known`)
  const clusterId = values.get('cluster.id')
  const nodeId = Number(values.get('node.id'))
  if (clusterId === undefined || !Number.isInteger(nodeId))
    throw new OperationalError(`${path}: cluster.id or node.id is missing`)
  return { clusterId, nodeId, directoryId: values.get('directory.id') ?? null }
}

export function writeMetaProperties(disk: Disk, folder: string, meta: MetaProperties): void {
  const lines = [
    '#',
    `cluster.id=${meta.clusterId}`,
    ...(meta.directoryId === null ? [] : [`directory.id=${meta.directoryId}`]),
    `node.id=${meta.nodeId}`,
    'version=1',
  ]
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  disk.writeFileAtomically(`${folder}/${META_PROPERTIES}`, bytes)
}

/** The topic id of a partition's folder, or null where none was written (or only a part of it). */
export function readPartitionMetadata(disk: Disk, folder: string): string | null {
  const path = `${folder}/${PARTITION_METADATA}`
  if (!disk.exists(path)) return null
  const text = Buffer.from(disk.readFile(path)).toString('utf8')
  const match = /^version: 0\r?\ntopic_id: ([A-Za-z0-9_-]{22})\s*$/.exec(text)
  return match?.[1] ?? null
}

export function writePartitionMetadata(disk: Disk, folder: string, topicId: string): void {
  const bytes = Buffer.from(`version: 0\ntopic_id: ${topicId}`)
  disk.writeFileAtomically(`${folder}/${PARTITION_METADATA}`, bytes, { durable: false })
}

export interface CleanShutdown {
  /** -1 where the file does not say. */
  readonly brokerEpoch: bigint
}

export function readCleanShutdown(disk: Disk, folder: string): CleanShutdown | null {
  const path = `${folder}/${CLEAN_SHUTDOWN}`
  if (!disk.exists(path)) return null
  const match = /"brokerEpoch"\s*:\s*(-?\d+)/.exec(
    Buffer.from(disk.readFile(path)).toString('utf8'),
  )
  return { brokerEpoch: match === null ? -1n : BigInt(match[1]!) }
}

export function writeCleanShutdown(
  disk: Disk,
  folder: string,
  { brokerEpoch }: CleanShutdown,
): void {
  const text = `{"version":0,"brokerEpoch":${brokerEpoch}}`
  disk.writeFileAtomically(`${folder}/${CLEAN_SHUTDOWN}`, Buffer.from(text))
}

/**
 * The folder's own id; `directoryId` where it has none yet. Throws an `OperationalError` when it
 * belongs to another cluster or node.
 */
export function ownedDirectoryId({
  disk,
  folder,
  clusterId,
  nodeId,
  directoryId,
}: {
  readonly disk: Disk
  readonly folder: string
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: string
}): string {
  const meta = readMetaProperties(disk, folder)
  if (meta === null) {
    writeMetaProperties(disk, folder, { clusterId, nodeId, directoryId })
    return directoryId
  }
  if (meta.clusterId !== clusterId)
    throw new OperationalError(
      `${folder}: belongs to cluster ${meta.clusterId}, this one is ${clusterId}`,
    )
  if (meta.nodeId !== nodeId)
    throw new OperationalError(`${folder}: belongs to node ${meta.nodeId}, this one is ${nodeId}`)
  if (meta.directoryId === null) writeMetaProperties(disk, folder, { ...meta, directoryId })
  return meta.directoryId ?? directoryId
}
