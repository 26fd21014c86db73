/** Segments, batches and indexes as they lie in files: done in an inspect worker. */
import { readPositions, readTimes } from './index-entries.ts'
import { codecById, type Codec } from '../../engine/protocol/records/compression.ts'
import {
  BATCH_HEADER_BYTES,
  crcIsValid,
  magicOf,
  MAGIC_V2,
  readBatchHeader,
  type BatchHeader,
} from '../../engine/protocol/records/record-batch.ts'
import { readRecords, recordsOf } from '../../engine/protocol/records/record-reader.ts'
import type { Handlers, InputOf } from '../contract/define.ts'
import type {
  StorageBatch,
  StorageBatchDetail,
  StorageBatches,
  StorageCompression,
  StorageIndex,
  StorageRecord,
} from '../contract/model/storage.ts'
import { problemOf } from '../contract/problem.ts'
import type { storageWorkApi } from './storage-work-api.ts'
import {
  listFiles,
  readIndexFile,
  readSnapshot,
  segmentPath,
  SegmentWalk,
  type WalkedBatch,
} from './segment-file.ts'

const RECORDS_MAX = 1_000
const BATCH_BYTES_SHOWN = 65_536
/** Batches that a compression ratio is taken from. */
const SAMPLED_BATCHES = 64
const SAMPLED_BYTES_MAX = 32 * 1024 * 1024

type Api = typeof storageWorkApi
type Segment = InputOf<Api, 'files.compression'>

export function storageWork(): Handlers<Api> {
  return {
    commands: {
      'files.list': ({ folder }) => listFiles(folder),
      'files.batches': readBatches,
      'files.batch': readBatch,
      'files.index': readIndex,
      'files.snapshot': ({ folder, baseOffset }) =>
        readSnapshot(segmentPath(folder, baseOffset, 'snapshot')),
      'files.compression': measureCompression,
    },
    streams: {},
  }
}

async function walk<T>(
  { folder, baseOffset, end }: Segment,
  start: number,
  read: (walk: SegmentWalk) => Promise<T>,
): Promise<T> {
  const opened = await SegmentWalk.open(segmentPath(folder, baseOffset, 'log'), start, end)
  try {
    return await read(opened)
  } finally {
    await opened.close()
  }
}

async function readBatches(
  input: InputOf<Api, 'files.batches'>,
  signal: AbortSignal,
): Promise<StorageBatches> {
  const indexed = await indexedPositions(input)
  return walk(input, input.from, async segment => {
    const batches: StorageBatch[] = []
    try {
      while (batches.length < input.limit) {
        signal.throwIfAborted()
        const batch = await segment.next()
        if (batch === null) return { batches, next: null, problem: null }
        batches.push(storageBatch(batch, indexed))
      }
      const more = segment.position + BATCH_HEADER_BYTES <= input.end
      return { batches, next: more ? segment.position : null, problem: null }
    } catch (error) {
      signal.throwIfAborted()
      // Bytes that are no batch end the walk, and what came before them is shown.
      return { batches, next: null, problem: problemOf(error).message }
    }
  })
}

async function readBatch(input: InputOf<Api, 'files.batch'>): Promise<StorageBatchDetail> {
  const indexed = await indexedPositions(input)
  return walk(input, input.position, async segment => {
    const walked = await segment.next()
    if (walked === null) throw new RangeError(`no batch lies at ${input.position}`)
    const batch = storageBatch(walked, indexed)
    const header = readBatchHeader(walked.bytes, 0)
    const bytes = await segment.read(walked.position, walked.size)
    return {
      batch,
      crcIsRight: crcIsValid(bytes, 0),
      attributes: header.attributes,
      deleteHorizonMs: header.deleteHorizonMs,
      lastOffsetDelta: header.lastOffsetDelta,
      storedBytes: walked.size - BATCH_HEADER_BYTES,
      ...contentOf(bytes, header),
      bytes: {
        bytes: new Uint8Array(bytes.subarray(0, BATCH_BYTES_SHOWN)),
        sizeBytes: walked.size,
      },
    }
  })
}

function contentOf(
  bytes: Uint8Array,
  header: BatchHeader,
): Pick<StorageBatchDetail, 'uncompressedBytes' | 'records' | 'leftOut' | 'problem'> {
  try {
    const uncompressedBytes = recordsOf(bytes, 0).length
    const records = readRecords(bytes, 0).map(
      ({ offset, timestampMs, key, value, headers }): StorageRecord => ({
        offset,
        timestampMs,
        keyBytes: key?.length ?? null,
        valueBytes: value?.length ?? null,
        headerCount: headers.length,
      }),
    )
    return {
      uncompressedBytes,
      records: records.slice(0, RECORDS_MAX),
      leftOut: Math.max(records.length - RECORDS_MAX, 0),
      problem: null,
    }
  } catch (error) {
    // What cannot be read is what one opened the batch for: the header still says much.
    const problem = problemOf(error).message
    return { uncompressedBytes: null, records: [], leftOut: header.recordCount, problem }
  }
}

async function readIndex(input: InputOf<Api, 'files.index'>): Promise<StorageIndex> {
  const { folder, baseOffset, kind, from, limit } = input
  const path = segmentPath(folder, baseOffset, kind === 'offset' ? 'index' : 'timeindex')
  const bytes = await readIndexFile(path)
  return kind === 'offset'
    ? readPositions(bytes, baseOffset, { from, limit })
    : readTimes(bytes, baseOffset, { from, limit })
}

async function indexedPositions(segment: Segment): Promise<ReadonlySet<number>> {
  const path = segmentPath(segment.folder, segment.baseOffset, 'index')
  try {
    const bytes = await readIndexFile(path)
    const { entries } = readPositions(bytes, 0n, { from: 0, limit: bytes.length })
    return new Set(entries.map(({ position }) => position!))
  } catch {
    // The newest entries are not on disk yet, and a segment may go while one looks.
    return new Set()
  }
}

async function measureCompression(
  input: Segment,
  signal: AbortSignal,
): Promise<StorageCompression> {
  return walk(input, 0, async segment => {
    const places: { readonly position: number; readonly size: number }[] = []
    for (let batch = await segment.next(); batch !== null; batch = await segment.next()) {
      signal.throwIfAborted()
      if (magicOf(batch.bytes, 0) === MAGIC_V2) places.push(batch)
    }
    const step = Math.max(1, Math.ceil(places.length / SAMPLED_BATCHES))
    const codecs = new Set<Codec>()
    let storedBytes = 0
    let uncompressedBytes = 0
    let sampledBatches = 0
    for (let index = 0; index < places.length; index += step) {
      signal.throwIfAborted()
      const { position, size } = places[index]!
      const bytes = await segment.read(position, size)
      codecs.add(codecById(readBatchHeader(bytes, 0).compressionId))
      storedBytes += size - BATCH_HEADER_BYTES
      uncompressedBytes += recordsOf(bytes, 0).length
      sampledBatches += 1
      if (uncompressedBytes > SAMPLED_BYTES_MAX) break
    }
    const complete = sampledBatches === places.length
    return { storedBytes, uncompressedBytes, sampledBatches, complete, codecs: [...codecs] }
  })
}

function storageBatch(
  { position, size, bytes }: WalkedBatch,
  indexed: ReadonlySet<number>,
): StorageBatch {
  const header = readBatchHeader(bytes, 0)
  const append = header.timestampType === 'LogAppendTime'
  return {
    position,
    sizeBytes: size,
    baseOffset: header.baseOffset,
    lastOffset: header.lastOffset,
    recordCount: header.recordCount,
    magic: header.magic,
    codec: codecById(header.compressionId),
    timestampType: append ? 'append' : header.baseTimestampMs < 0n ? 'none' : 'create',
    baseTimestampMs: header.baseTimestampMs,
    maxTimestampMs: header.maxTimestampMs,
    partitionLeaderEpoch: header.leaderEpoch,
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    transactional: header.transactional,
    control: header.control,
    crc: header.crc,
    indexed: indexed.has(position),
  }
}
