/**
 * Snapshots of the metadata log: files beside its segments, named after the place in the log that
 * they stand for (`OFFSET-EPOCH.checkpoint`, KIP-630). The batches of one begin with a header, which
 * may name the voters too, and end with a footer; its offsets count from zero and mean nothing.
 */
import type { MetadataImage } from '../controller/metadata-image.ts'
import { snapshotRecords } from '../controller/image-snapshot.ts'
import type { Disk, DiskEntry } from '../ports/disk.ts'
import {
  snapshotFooterRecord,
  snapshotHeaderRecord,
} from '../protocol/control-records/quorum-control-records.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from '../protocol/metadata-records/metadata-record.ts'
import { buildBatch, type RecordInput } from '../protocol/records/batch-builder.ts'
import { controlKey } from '../protocol/records/control-records.ts'
import { isControl, sizeOf, wholeBatches } from '../protocol/records/record-batch.ts'
import { readRecords } from '../protocol/records/record-reader.ts'
import type { LogPlace } from '../raft/raft-log.ts'
import { isDynamic, type VoterSet } from '../raft/voter-set.ts'
import { assert } from '../support/assert.ts'
import { OperationalError } from '../support/operational-error.ts'
import { readVoters, voterControlRecords } from './voter-records.ts'

const BATCH_RECORDS_MAX = 1_000
const VERSION = 0
const snapshotFile = /^(\d{20})-(\d{10})\.checkpoint$/

export interface SnapshotContent {
  readonly records: readonly MetadataRecord[]
  /** Null where it names none. */
  readonly voters: VoterSet | null
}

export class SnapshotFiles {
  readonly #disk: Disk
  readonly #folder: string
  #all: LogPlace[]

  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#folder = folder
    this.#all = []
    for (const { name } of disk.list(folder) ?? []) {
      if (name.endsWith('.checkpoint.part')) disk.remove(`${folder}/${name}`)
      const match = snapshotFile.exec(name)
      if (match !== null)
        this.#all.push({ endOffset: BigInt(match[1]!), leaderEpoch: Number(match[2]) })
    }
    this.#all.sort((a, b) => (a.endOffset < b.endOffset ? -1 : 1))
  }

  /** The oldest first. */
  get all(): readonly LogPlace[] {
    return this.#all
  }

  get latest(): LogPlace | null {
    return this.#all.at(-1) ?? null
  }

  sizeBytes(snapshot: LogPlace): number {
    return this.#entryOf(snapshot)?.sizeBytes ?? 0
  }

  modifiedMs(snapshot: LogPlace): number {
    return this.#entryOf(snapshot)?.modifiedMs ?? 0
  }

  has({ endOffset, leaderEpoch }: LogPlace): boolean {
    return this.#all.some(each => each.endOffset === endOffset && each.leaderEpoch === leaderEpoch)
  }

  /** Writes what the image holds; everything before the place is in it. */
  write(
    snapshot: LogPlace,
    from: {
      readonly image: MetadataImage
      readonly voters: VoterSet
      readonly timestampMs: bigint
    },
  ): void {
    if (this.has(snapshot)) return
    const bytes = Buffer.concat([...snapshotBatches(snapshot, from)])
    this.#disk.writeFileAtomically(this.#path(snapshot), bytes)
    this.#add(snapshot)
  }

  read(snapshot: LogPlace): SnapshotContent {
    const bytes = this.#disk.readFile(this.#path(snapshot))
    const records: MetadataRecord[] = []
    let voters: VoterSet | null = null
    let end = 0
    for (const { at } of wholeBatches(bytes)) {
      end = at + sizeOf(bytes, at)
      if (isControl(bytes, at)) voters = readVoters(bytes, at) ?? voters
      else
        for (const { value } of readRecords(bytes, at))
          if (value !== null) records.push(decodeMetadataRecord(value))
    }
    if (end !== bytes.length || end === 0)
      throw new OperationalError(`${this.#path(snapshot)}: ends inside a batch`)
    return { records, voters }
  }

  /** A piece of a snapshot's bytes, cut anywhere. */
  readPart(snapshot: LogPlace, position: bigint, bytesMax: number): Uint8Array {
    const file = this.#disk.open(this.#path(snapshot))
    try {
      const length = Math.min(bytesMax, Math.max(0, file.sizeBytes() - Number(position)))
      const bytes = Buffer.alloc(length)
      file.read(bytes, 0, length, Number(position))
      return bytes
    } finally {
      file.close()
    }
  }

  writePart(snapshot: LogPlace, position: bigint, bytes: Uint8Array): void {
    const file = this.#disk.open(this.#partPath(snapshot))
    try {
      if (position === 0n) file.truncate(0)
      assert(BigInt(file.sizeBytes()) === position, 'the parts of a snapshot come in order')
      file.write(bytes, Number(position))
    } finally {
      file.close()
    }
  }

  /** All parts are here: from now on it is a snapshot. */
  finish(snapshot: LogPlace): void {
    const file = this.#disk.open(this.#partPath(snapshot))
    try {
      file.flush()
    } finally {
      file.close()
    }
    this.#disk.rename(this.#partPath(snapshot), this.#path(snapshot))
    // The log is about to be emptied for it.
    this.#disk.flushFolder(this.#folder)
    this.#add(snapshot)
  }

  remove(snapshot: LogPlace): void {
    this.#disk.remove(this.#path(snapshot))
    this.#all = this.#all.filter(each => each.endOffset !== snapshot.endOffset)
  }

  #entryOf(snapshot: LogPlace): DiskEntry | undefined {
    const name = fileName(snapshot)
    return (this.#disk.list(this.#folder) ?? []).find(each => each.name === name)
  }

  #add(snapshot: LogPlace): void {
    if (this.has(snapshot)) return
    this.#all = [...this.#all, snapshot].sort((a, b) => (a.endOffset < b.endOffset ? -1 : 1))
  }

  #path(snapshot: LogPlace): string {
    return `${this.#folder}/${fileName(snapshot)}`
  }

  #partPath(snapshot: LogPlace): string {
    return `${this.#path(snapshot)}.part`
  }
}

function fileName({ endOffset, leaderEpoch }: LogPlace): string {
  const offset = endOffset.toString().padStart(20, '0')
  return `${offset}-${String(leaderEpoch).padStart(10, '0')}.checkpoint`
}

function* snapshotBatches(
  { leaderEpoch }: LogPlace,
  from: { readonly image: MetadataImage; readonly voters: VoterSet; readonly timestampMs: bigint },
): Iterable<Uint8Array> {
  const { timestampMs } = from
  let baseOffset = 0n
  const batch = (records: readonly RecordInput[], control: boolean) => {
    const bytes = buildBatch({ records, baseOffset, leaderEpoch, control })
    baseOffset += BigInt(records.length)
    return bytes
  }
  const header = snapshotHeaderRecord.encode(
    { version: VERSION, lastContainedLogTimestamp: timestampMs },
    VERSION,
  )
  const voters = isDynamic(from.voters) ? voterControlRecords(from.voters, timestampMs) : []
  yield batch([{ key: controlKey('SNAPSHOT_HEADER'), value: header, timestampMs }, ...voters], true)
  let gathered: RecordInput[] = []
  for (const record of snapshotRecords(from.image)) {
    gathered.push({ key: null, value: encodeMetadataRecord(record), timestampMs })
    if (gathered.length < BATCH_RECORDS_MAX) continue
    yield batch(gathered, false)
    gathered = []
  }
  if (gathered.length > 0) yield batch(gathered, false)
  const footer = snapshotFooterRecord.encode({ version: VERSION }, VERSION)
  yield batch([{ key: controlKey('SNAPSHOT_FOOTER'), value: footer, timestampMs }], true)
}
