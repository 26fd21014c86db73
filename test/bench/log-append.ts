/**
 * What one append and one read cost, without network: CPU time (user and system) for each call and
 * record, and bytes for each CPU second. CPU and not wall time, because the machines that run this
 * are shared. Prints; asserts nothing. `node test/bench/log-append.ts [folder]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultLogConfig } from '../../engine/log/log-config.ts'
import { PartitionLog } from '../../engine/log/partition-log.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { codecs, type Codec } from '../../engine/protocol/records/compression.ts'
import { setInt32At, setInt64At } from '../../engine/protocol/records/bytes.ts'
import { stampCrc } from '../../engine/protocol/records/record-batch.ts'
import { validateProduce } from '../../engine/protocol/records/validate-produce.ts'
import { NodeDisk } from '../../engine/runtime/node-disk.ts'

const BYTES_TOTAL = 512 * 1024 * 1024
const nowMs = Date.now()
const config = { ...defaultLogConfig, segmentBytes: 64 * 1024 * 1024, fileDeleteDelayMs: 0n }
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'odradek-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

function batchOf(recordBytes: number, batchBytes: number, codec: Codec, producerId: bigint) {
  const count = Math.max(Math.floor(batchBytes / (recordBytes + 10)), 1)
  const value = Buffer.from('{"order": 12345, "item": "spool"} '.repeat(40)).subarray(
    0,
    recordBytes,
  )
  const records = Array.from({ length: count }, (_, index) => ({
    timestampMs: BigInt(nowMs + (index >> 4)),
    key: null,
    value,
  }))
  const idempotent = producerId >= 0n ? { producerId, producerEpoch: 0, baseSequence: 0 } : {}
  return { count, bytes: buildBatch({ records, compression: codec, ...idempotent }) }
}

function open(name: string): PartitionLog {
  return PartitionLog.open({
    disk: new NodeDisk(),
    folder: join(folder, name),
    topic: name,
    partition: 0,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    config,
    nowMs,
    cleanShutdown: true,
    recoveryPoint: 0n,
    logStartOffset: 0n,
    producerIdExpirationMs: 86_400_000,
  })
}

function cpuNs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1_000
}

function report(what: string, calls: number, records: number, bytes: number, ns: number): void {
  const each = ns / calls
  console.log(
    what.padEnd(44),
    `${each.toFixed(0).padStart(9)} ns/call`,
    `${(ns / (records * calls)).toFixed(1).padStart(7)} ns/record`,
    `${((bytes * calls) / ns).toFixed(2).padStart(6)} GB/s`,
  )
}

for (const codec of codecs.filter(name => name === 'none' || name === 'lz4'))
  for (const recordBytes of [100, 1_000])
    for (const batchBytes of [16_384, 131_072, 1_000_000]) {
      const { count, bytes } = batchOf(recordBytes, batchBytes, codec, 5n)
      const label = `${codec} ${recordBytes} B x ${count}`
      const calls = Math.min(Math.ceil(BYTES_TOTAL / bytes.length), 20_000)
      const log = open(`log-${codec}-${recordBytes}-${batchBytes}`)
      let sequence = 0
      // What a client would have sent next; measured by itself, and taken off.
      const forge = () => {
        setInt64At(bytes, 0, 0n)
        setInt32At(bytes, 53, sequence)
        stampCrc(bytes, 0)
      }
      const forging = cpuNs()
      for (let call = 0; call < calls / 2; call++) forge()
      const forgingNs = cpuNs() - forging
      // A first half warms up code, and pages of the file cache; the second is what is told.
      for (const half of ['warm', 'told']) {
        const start = cpuNs()
        for (let call = 0; call < calls / 2; call++) {
          forge()
          sequence = (sequence + count) % 0x8000_0000
          log.appendAsLeader(bytes, { leaderEpoch: 0, nowMs, origin: 'client' })
        }
        const ns = cpuNs() - start - forgingNs
        if (half === 'told')
          report(`append ${label}`, Math.ceil(calls / 2), count, bytes.length, ns)
      }
      const target = Buffer.alloc(2 * 1024 * 1024)
      let offset = 0n
      let reads = 0
      const start = cpuNs()
      while (offset < log.logEndOffset) {
        const request = { maxBytes: 1024 * 1024, upToOffset: log.logEndOffset, minOneBatch: true }
        offset = log.read(
          { ...request, fetchOffset: offset },
          { target, start: 0, room: () => {} },
        ).nextOffset
        reads++
      }
      const ns = cpuNs() - start
      report(`read 1 MiB ${label}`, reads, Number(offset) / reads, log.sizeBytes / reads, ns)
      log.close()
      rmSync(log.folder, { recursive: true })
    }

for (const recordBytes of [100, 1_000]) {
  const { count, bytes } = batchOf(recordBytes, 131_072, 'none', -1n)
  const rules = {
    name: 'bench-0',
    produceVersion: 9,
    nowMs,
    compacted: false,
    maxMessageBytes: config.maxMessageBytes,
    segmentBytes: config.segmentBytes,
    timestampType: config.messageTimestampType,
    timestampBeforeMaxMs: config.messageTimestampBeforeMaxMs,
    timestampAfterMaxMs: config.messageTimestampAfterMaxMs,
    compressionType: config.compressionType,
  }
  for (let call = 0; call < 2_000; call++) validateProduce(bytes, rules)
  const start = cpuNs()
  for (let call = 0; call < 4_000; call++) validateProduce(bytes, rules)
  report(`validate alone ${recordBytes} B x ${count}`, 4_000, count, bytes.length, cpuNs() - start)
}
