/**
 * What a clean stop knows of the partitions of a log folder, so that the next start opens them
 * without a look at their files: ten thousand folders to list are seconds. A file of our own beside
 * Kafka's, which everyone else passes over.
 *
 * It holds for one start, for the stop that it names, and for each partition only while no name in
 * its folder was made, changed or removed since. Else the files are read, as they always may be.
 */
import type { Disk } from '../ports/disk.ts'
import type { EpochEntry } from './leader-epoch-cache.ts'
import type { PartitionLog } from './partition-log.ts'

export const KNOWN_PARTITIONS = '.odradek_partitions'

export interface KnownSegment {
  readonly baseOffset: bigint
  readonly sizeBytes: number
  readonly modifiedMs: number
}

export interface KnownPartition {
  readonly topicId: string
  readonly logEndOffset: bigint
  /** Never none, the last one active. */
  readonly segments: readonly KnownSegment[]
  /** As its checkpoint file has them. */
  readonly epochs: readonly EpochEntry[]
  readonly snapshotOffsets: readonly bigint[]
  /** Of which the newest snapshot tells. */
  readonly producerCount: number
}

const VERSION = '0'
const NONE = '-'

export class KnownPartitions {
  readonly #disk: Disk
  readonly #folder: string
  /** By the name of the partition's folder. */
  readonly #lines: Map<string, string>

  /** Reads and removes the file. `brokerEpoch` is that of the clean stop; null after any other. */
  static take(disk: Disk, folder: string, brokerEpoch: bigint | null): KnownPartitions {
    const path = `${folder}/${KNOWN_PARTITIONS}`
    if (!disk.exists(path)) return new KnownPartitions(disk, folder, new Map())
    const lines = brokerEpoch === null ? new Map<string, string>() : read(disk, path, brokerEpoch)
    disk.remove(path)
    return new KnownPartitions(disk, folder, lines)
  }

  private constructor(disk: Disk, folder: string, lines: Map<string, string>) {
    this.#disk = disk
    this.#folder = folder
    this.#lines = lines
  }

  /** Null where nothing is known, or the folder has changed since. */
  of(name: string): KnownPartition | null {
    const line = this.#lines.get(name)
    if (line === undefined) return null
    const [changedMs, ...fields] = line.split(' ')
    if (this.#disk.folderChangedMs(`${this.#folder}/${name}`) === Number(changedMs))
      return parse(fields)
    this.#lines.delete(name)
    return null
  }

  forget(name: string): void {
    this.#lines.delete(name)
  }

  /** For the next start: what is known of these now, and of others what was and still is. */
  write(brokerEpoch: bigint, closed: ReadonlyMap<string, PartitionLog>): void {
    for (const [name, log] of closed) {
      // Files that wait to be removed are found by the next start, which has to look then.
      if (log.removals.pending.length > 0) continue
      const known = log.known()
      const changedMs = this.#disk.folderChangedMs(`${this.#folder}/${name}`)
      if (changedMs !== null) this.#lines.set(name, `${changedMs} ${format(known)}`)
    }
    const lines = Array.from(this.#lines, ([name, line]) => `${name} ${line}\n`)
    const text = `${VERSION}\n${brokerEpoch}\n${lines.length}\n${lines.join('')}`
    this.#disk.writeFileAtomically(`${this.#folder}/${KNOWN_PARTITIONS}`, Buffer.from(text))
  }
}

/** Nothing is known from a file of another stop, or one that is not whole. */
function read(disk: Disk, path: string, brokerEpoch: bigint): Map<string, string> {
  const text = Buffer.from(disk.readFile(path)).toString('latin1')
  const [version, epoch, count, ...lines] = text.split('\n')
  // The last line ends too.
  const isWhole = Number(count) === lines.length - 1 && lines.at(-1) === ''
  if (version !== VERSION || epoch !== String(brokerEpoch) || !isWhole) return new Map()
  lines.pop()
  return new Map(
    lines.map(line => {
      const space = line.indexOf(' ')
      return [line.slice(0, space), line.slice(space + 1)]
    }),
  )
}

function format(known: KnownPartition): string {
  const { topicId, logEndOffset, segments, epochs, snapshotOffsets, producerCount } = known
  return [
    topicId,
    logEndOffset,
    list(segments, each => `${each.baseOffset}:${each.sizeBytes}:${each.modifiedMs}`),
    list(epochs, each => `${each.leaderEpoch}:${each.startOffset}`),
    list(snapshotOffsets, String),
    producerCount,
  ].join(' ')
}

function parse(fields: readonly string[]): KnownPartition {
  const [topicId, logEndOffset, segments, epochs, snapshotOffsets, producerCount] = fields
  return {
    topicId: topicId!,
    logEndOffset: BigInt(logEndOffset!),
    segments: entries(segments!).map(([baseOffset, sizeBytes, modifiedMs]) => ({
      baseOffset: BigInt(baseOffset!),
      sizeBytes: Number(sizeBytes),
      modifiedMs: Number(modifiedMs),
    })),
    epochs: entries(epochs!).map(([leaderEpoch, startOffset]) => ({
      leaderEpoch: Number(leaderEpoch),
      startOffset: BigInt(startOffset!),
    })),
    snapshotOffsets: entries(snapshotOffsets!).map(([offset]) => BigInt(offset!)),
    producerCount: Number(producerCount),
  }
}

function list<E>(all: readonly E[], text: (entry: E) => string): string {
  return all.length === 0 ? NONE : all.map(text).join(',')
}

function entries(text: string): readonly (readonly string[])[] {
  return text === NONE ? [] : text.split(',').map(entry => entry.split(':'))
}
