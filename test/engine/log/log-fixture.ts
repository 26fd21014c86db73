/** A partition's log on a disk in memory, batches to put into it, and all that can be read back. */
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { defaultLogConfig, type LogConfig } from '../../../engine/log/log-config.ts'
import type { OpenInput } from '../../../engine/log/open-partition.ts'
import { PartitionLog } from '../../../engine/log/partition-log.ts'
import { buildBatch, type BatchInput } from '../../../engine/protocol/records/batch-builder.ts'
import { readAllRecords } from '../../../engine/protocol/records/record-reader.ts'

export const nowMs = 1_700_000_000_000
export const topicId = 'aaaaaaaaaaaaaaaaaaaaaQ'

export function config(overrides: Partial<LogConfig> = {}): LogConfig {
  return { ...defaultLogConfig, ...overrides }
}

export function openLog(disk: MemoryDisk, overrides: Partial<OpenInput> = {}): PartitionLog {
  return PartitionLog.open({
    disk,
    folder: '/data/orders-0',
    topic: 'orders',
    partition: 0,
    topicId,
    config: config(),
    nowMs,
    cleanShutdown: true,
    recoveryPoint: 0n,
    logStartOffset: 0n,
    producerIdExpirationMs: 86_400_000,
    ...overrides,
  })
}

export function values(count: number, size = 10): BatchInput['records'] {
  return Array.from({ length: count }, (_, index) => ({
    timestampMs: BigInt(nowMs + index),
    key: Buffer.from(`key ${index}`),
    value: Buffer.alloc(size, index),
  }))
}

export function batch(overrides: Partial<BatchInput> = {}): Uint8Array {
  return buildBatch({ records: values(3), ...overrides })
}

/** One record, whose value is its text. */
export function oneRecord(text: string, timestampMs = nowMs): Uint8Array {
  return buildBatch({
    records: [{ timestampMs: BigInt(timestampMs), key: null, value: Buffer.from(text) }],
  })
}

export function appendText(log: PartitionLog, text: string, atMs = nowMs): bigint {
  const append = { leaderEpoch: 0, nowMs: atMs, origin: 'client' as const }
  return log.appendAsLeader(oneRecord(text, atMs), append).baseOffset
}

export const asClient = { leaderEpoch: 0, nowMs, origin: 'client' as const }

export function read(
  log: PartitionLog,
  fetchOffset: bigint,
  overrides: { maxBytes?: number; upToOffset?: bigint; minOneBatch?: boolean } = {},
): { readonly bytes: Uint8Array; readonly nextOffset: bigint } {
  const into = {
    target: new Uint8Array(0),
    start: 7,
    room(bytes: number) {
      this.target = new Uint8Array(bytes + 7)
    },
  }
  const request = { fetchOffset, maxBytes: 1e6, upToOffset: log.logEndOffset, minOneBatch: true }
  const { length, nextOffset } = log.read({ ...request, ...overrides }, into)
  return { bytes: into.target.slice(7, 7 + length), nextOffset }
}

/** Everything from the log start to the log end, by reading on and on. */
export function readAll(
  log: PartitionLog,
  maxBytes = 700,
): { readonly offset: bigint; readonly text: string }[] {
  const records: { offset: bigint; text: string }[] = []
  let offset = log.logStartOffset
  while (offset < log.logEndOffset) {
    const { bytes, nextOffset } = read(log, offset, { maxBytes })
    if (nextOffset === offset) break
    for (const record of readAllRecords(bytes))
      if (record.offset >= offset)
        records.push({ offset: record.offset, text: Buffer.from(record.value ?? []).toString() })
    offset = nextOffset
  }
  return records
}
