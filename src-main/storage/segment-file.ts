/** Reads a segment's files, which a broker may be writing or deleting meanwhile; it changes none. */
import { open, readdir, readFile, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentFileName, type SegmentFileKind } from '../../engine/log/log-file-names.ts'
import { decodeProducerSnapshot } from '../../engine/log/producer-snapshot.ts'
import type { ProducerEntry } from '../../engine/log/producer-state.ts'
import { BATCH_HEADER_BYTES, checkedSize } from '../../engine/protocol/records/record-batch.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { ContractError } from '../contract/define.ts'
import type { StorageFile, StorageProducer } from '../contract/model/storage.ts'

const CHUNK_BYTES = 64 * 1024

/** By name; those that vanish while they are looked at are left out. */
export async function listFiles(folder: string): Promise<readonly StorageFile[]> {
  const names = await readdir(folder).catch(refuse(folder))
  const files = await Promise.all(
    names.map(async name => {
      try {
        const { size, mtimeMs } = await stat(join(folder, name))
        return { name, sizeBytes: size, modifiedAtMs: BigInt(Math.floor(mtimeMs)) }
      } catch {
        // Deleted since it was listed.
        return null
      }
    }),
  )
  return files
    .filter(file => file !== null)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export function segmentPath(folder: string, baseOffset: bigint, kind: SegmentFileKind): string {
  return join(folder, segmentFileName(baseOffset, kind))
}

export interface WalkedBatch {
  readonly position: number
  readonly size: number
  /** The header at least; valid until the walk goes on. */
  readonly bytes: Uint8Array
}

/** Walks the headers of the batches that lie whole in a range. */
export class SegmentWalk {
  readonly #file: FileHandle
  readonly #end: number
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  #chunkStart = 0
  #chunkEnd = 0
  position: number

  private constructor(file: FileHandle, start: number, end: number) {
    this.#file = file
    this.position = start
    this.#end = end
  }

  static async open(path: string, start: number, end: number): Promise<SegmentWalk> {
    return new SegmentWalk(await open(path, 'r').catch(refuse(path)), start, end)
  }

  /** Null at the end. Throws CORRUPT_MESSAGE at bytes that are no batch. */
  async next(): Promise<WalkedBatch | null> {
    const { position } = this
    if (position + BATCH_HEADER_BYTES > this.#end) return null
    if (position + BATCH_HEADER_BYTES > this.#chunkEnd || position < this.#chunkStart) {
      const { bytesRead } = await this.#file.read(this.#chunk, 0, CHUNK_BYTES, position)
      this.#chunkStart = position
      this.#chunkEnd = position + bytesRead
      if (bytesRead < BATCH_HEADER_BYTES) return null
    }
    const at = position - this.#chunkStart
    const size = checkedSize(this.#chunk, at)
    if (position + size > this.#end) return null
    this.position = position + size
    return { position, size, bytes: this.#chunk.subarray(at) }
  }

  /** All bytes of a batch. */
  async read(position: number, size: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(size)
    const { bytesRead } = await this.#file.read(bytes, 0, size, position)
    if (bytesRead === size) return bytes
    throw new KafkaError('CORRUPT_MESSAGE', `the file ends within the batch at ${position}`)
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

export async function readIndexFile(path: string): Promise<Uint8Array> {
  return readFile(path).catch(refuse(path))
}

export async function readSnapshot(path: string): Promise<readonly StorageProducer[]> {
  const producers = decodeProducerSnapshot(await readFile(path).catch(refuse(path)))
  if (producers !== null) return producers.map(storageProducer)
  throw new ContractError({ code: 'CORRUPT_MESSAGE', message: `${path} is damaged` })
}

export function storageProducer(entry: ProducerEntry): StorageProducer {
  const { producerId, producerEpoch, coordinatorEpoch, lastTimestampMs, currentTxnFirstOffset } =
    entry
  const last = entry.batches.at(-1)
  return {
    producerId,
    producerEpoch,
    coordinatorEpoch,
    lastTimestampMs,
    currentTxnFirstOffset,
    lastSequence: last?.lastSequence ?? null,
    lastOffset: last?.lastOffset ?? null,
  }
}

/** Files go while one looks: retention, a deleted topic. */
function refuse(path: string): (error: NodeJS.ErrnoException) => never {
  return error => {
    if (error.code === 'ENOENT')
      throw new ContractError({
        code: 'NOT_FOUND',
        message: `${path} is not there any more`,
        remedy: 'Retention or a deletion took it. Look at the list of segments again.',
      })
    throw new ContractError({ code: 'INTERNAL', message: `${path}: ${error.message}` })
  }
}
