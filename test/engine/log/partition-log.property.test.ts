/**
 * The log against a model: a list of records with a start. Whatever is done to it, and wherever it
 * stops, it reads back as the model says.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryDisk, PowerCut } from '../../simulation/memory-disk.ts'
import type { PartitionLog } from '../../../engine/log/partition-log.ts'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { codecs } from '../../../engine/protocol/records/compression.ts'
import { readAllRecords } from '../../../engine/protocol/records/record-reader.ts'
import { config, nowMs, openLog, read, readAll } from './log-fixture.ts'

const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      sizes: fc.array(fc.nat(120), { minLength: 1, maxLength: 6 }),
      codec: fc.constantFrom(...codecs),
      aheadMs: fc.integer({ min: -5_000, max: 5_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(20_000) }) },
  fc.record({ kind: fc.constant('truncate' as const), part: fc.nat(100) }),
  fc.record({ kind: fc.constant('start again' as const), skip: fc.bigInt(0n, 20n) }),
  fc.record({ kind: fc.constant('delete records' as const), part: fc.nat(100) }),
  fc.record({ kind: fc.constant('retention' as const) }),
  fc.record({ kind: fc.constant('flush' as const) }),
  fc.record({ kind: fc.constant('close' as const) }),
  fc.record({ kind: fc.constant('kill' as const), checkpoints: fc.boolean() }),
  fc.record({ kind: fc.constant('power cut' as const), keep: fc.nat(100) }),
  fc.record({ kind: fc.constant('cut in a write' as const), afterBytes: fc.nat(400) }),
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

const small = config({
  segmentBytes: 1_000,
  indexIntervalBytes: 100,
  segmentIndexBytes: 96,
  segmentMs: 15_000n,
  retentionMs: 60_000n,
  retentionBytes: 2_500n,
  fileDeleteDelayMs: 1_000n,
  messageTimestampAfterMaxMs: 10_000n,
})

class World {
  disk = new MemoryDisk()
  log: PartitionLog
  nowMs = nowMs
  /** The model: one text for each offset from `start` on; null where a power cut left a hole. */
  start = 0n
  texts: (string | null)[] = []
  /** The base offset of the batch that each was in. */
  bases: bigint[] = []
  /** What the checkpoints said when they were last written. */
  checkpoint = { recoveryPoint: 0n, logStartOffset: 0n }
  #appended = 0

  constructor() {
    this.log = this.open(true)
  }

  get end(): bigint {
    return this.start + BigInt(this.texts.length)
  }

  open(cleanShutdown: boolean): PartitionLog {
    const { nowMs: at, checkpoint } = this
    return openLog(this.disk, { config: small, cleanShutdown, nowMs: at, ...checkpoint })
  }

  /** An offset between start and end, by a percentage. */
  at(part: number): bigint {
    return this.start + (BigInt(part) * BigInt(this.texts.length)) / 100n
  }

  batch(next: Move & { kind: 'append' }): { bytes: Uint8Array; texts: string[] } {
    const texts = next.sizes.map(size => `${this.#appended++} ${'.'.repeat(size)}`)
    const bytes = buildBatch({
      compression: next.codec,
      records: texts.map((text, index) => ({
        timestampMs: BigInt(this.nowMs + next.aheadMs + index),
        key: null,
        value: Buffer.from(text),
      })),
    })
    return { bytes, texts }
  }

  append(next: Move & { kind: 'append' }): void {
    const { bytes, texts } = this.batch(next)
    const append = { leaderEpoch: 3, nowMs: this.nowMs, origin: 'client' as const }
    const result = this.log.appendAsLeader(bytes, append)
    expect(result.baseOffset).toBe(this.end)
    this.push(texts)
    expect(result.lastOffset).toBe(this.end - 1n)
  }

  push(texts: readonly string[]): void {
    const base = this.end
    this.texts.push(...texts)
    this.bases.push(...texts.map(() => base))
  }

  moveStart(offset: bigint): void {
    if (offset <= this.start) return
    this.texts.splice(0, Number(offset - this.start))
    this.bases.splice(0, Number(offset - this.start))
    this.start = offset
  }

  writeCheckpoints(): void {
    const { recoveryPoint, logStartOffset } = this.log
    this.checkpoint = { recoveryPoint, logStartOffset }
  }

  /** After a kill everything is there but what a torn write began. */
  reopen({ lossy }: { lossy: boolean }): void {
    this.log = this.open(false)
    const end = this.log.logEndOffset
    if (!lossy) expect(end).toBe(this.end)
    expect(end).toBeLessThanOrEqual(this.end)
    this.texts.length = this.bases.length = Number(end - this.start)
  }

  /**
   * After a power cut what was durable is there. Of the rest each segment kept a beginning, so that
   * holes may be left between them, as they are in Apache Kafka.
   */
  reopenAfterPowerCut(durable: bigint): void {
    this.reopen({ lossy: true })
    const kept = new Map(readAll(this.log).map(({ offset, text }) => [offset, text]))
    for (const [index, text] of this.texts.entries()) {
      const offset = this.start + BigInt(index)
      if (offset < durable || kept.has(offset)) expect(kept.get(offset)).toBe(text ?? undefined)
      else {
        this.texts[index] = null
        this.bases[index] = offset
      }
    }
  }

  run(next: Move): void {
    switch (next.kind) {
      case 'append':
        return this.append(next)
      case 'wait':
        this.nowMs += next.ms
        this.disk.nowMs = this.nowMs
        this.log.removals.removeDue(this.nowMs)
        return
      case 'truncate': {
        const offset = this.at(next.part)
        this.log.truncateTo(offset, { nowMs: this.nowMs })
        const base = this.bases[Number(offset - this.start)] ?? offset
        // A batch may begin below the log start, when records were deleted out of its middle.
        const kept = base < this.start ? 0 : Number(base - this.start)
        this.texts.length = this.bases.length = kept
        return this.writeCheckpoints()
      }
      case 'start again': {
        this.start = this.end + next.skip
        this.texts = []
        this.bases = []
        this.log.truncateFullyAndStartAt(this.start, { nowMs: this.nowMs })
        return this.writeCheckpoints()
      }
      case 'delete records':
        this.moveStart(this.at(next.part))
        this.log.deleteRecordsBefore(this.start)
        return this.writeCheckpoints()
      case 'retention': {
        const before = this.log.segments()
        const deleted = this.log.applyRetention({ nowMs: this.nowMs, highWatermark: this.end })
        expect(before.slice(0, deleted.length).map(segment => segment.baseOffset)).toEqual(
          deleted.map(({ baseOffset }) => baseOffset),
        )
        const last = before[deleted.length - 1]
        if (last !== undefined) this.moveStart(last.nextOffset)
        return
      }
      case 'flush':
        this.log.flush()
        expect(this.log.recoveryPoint).toBe(this.end)
        return
      case 'close':
        this.log.close()
        expect(this.disk.openFiles).toBe(0)
        this.writeCheckpoints()
        this.log = this.open(true)
        return
      case 'kill':
        if (next.checkpoints) this.writeCheckpoints()
        this.disk = this.disk.afterKill()
        // A start that was moved and not checkpointed may come back; a real leader moves it again.
        this.checkpoint = { ...this.checkpoint, logStartOffset: this.start }
        return this.reopen({ lossy: false })
      case 'power cut': {
        const durable = this.log.recoveryPoint
        this.writeCheckpoints()
        this.disk = this.disk.afterPowerCut(bytes => Math.floor((bytes * next.keep) / 100))
        return this.reopenAfterPowerCut(durable)
      }
      case 'cut in a write': {
        const before = this.end
        const sizes = [80, 80, 80]
        const { bytes, texts } = this.batch({ kind: 'append', sizes, codec: 'none', aheadMs: 0 })
        this.disk.bytesUntilCut = next.afterBytes
        try {
          this.log.appendAsLeader(bytes, { leaderEpoch: 3, nowMs: this.nowMs, origin: 'client' })
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error
        }
        this.disk = this.disk.afterKill()
        this.push(texts)
        this.reopen({ lossy: true })
        // Of one batch, all or nothing is there.
        expect([before, before + 3n]).toContain(this.end)
        return
      }
    }
  }
}

function expectAgreement({ log, start, end, texts }: World): void {
  expect([log.logStartOffset, log.logEndOffset]).toEqual([start, end])
  const expected = texts
    .map((text, index) => ({ offset: start + BigInt(index), text }))
    .filter(({ text }) => text !== null)
  expect(readAll(log)).toEqual(expected)
  const segments = log.segments()
  expect(segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(log.sizeBytes)
}

/** Every offset, looked up by itself, is found: in the batch that holds it, however it lies. */
function expectLookups({ log, start, end, texts }: World): void {
  let bytesBefore = log.bytesFrom(start, end)
  for (let offset = start; offset < end; offset++) {
    const { bytes } = read(log, offset, { maxBytes: 1 })
    const offsets = [...readAllRecords(bytes)].map(record => record.offset)
    if (texts[Number(offset - start)] !== null) expect(offsets).toContain(offset)
    const left = log.bytesFrom(offset, end)
    expect(left).toBeLessThanOrEqual(bytesBefore)
    bytesBefore = left
  }
}

/** The first record at or after a time, against a search through all of them. */
function expectTimes(world: World, times: readonly number[]): void {
  const { log, start, end } = world
  const all: { offset: bigint; timestampMs: bigint }[] = []
  for (let offset = start; offset < end;) {
    const { bytes, nextOffset } = read(log, offset, {})
    for (const record of readAllRecords(bytes)) if (record.offset >= offset) all.push(record)
    if (nextOffset === offset) break
    offset = nextOffset
  }
  for (const time of times) {
    const first = all.find(record => record.timestampMs >= BigInt(time))
    const found = log.offsetForTimestamp(BigInt(time), { upToOffset: end })
    expect(found?.offset).toBe(first?.offset)
    expect(found?.timestampMs).toBe(first?.timestampMs)
  }
  const greatest = all.reduce<(typeof all)[number] | undefined>(
    (best, record) => (best === undefined || record.timestampMs > best.timestampMs ? record : best),
    undefined,
  )
  if (log.logStartOffset === log.firstSegmentOffset)
    expect(log.maxTimestampOffset()?.timestampMs).toBe(greatest?.timestampMs)
}

describe('PartitionLog', () => {
  test('reads back as the model, whatever is done to it and wherever it stops', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), moves => {
        const world = new World()
        for (const next of moves) {
          world.run(next)
          expectAgreement(world)
        }
        expectLookups(world)
        expectTimes(world, [0, nowMs, world.nowMs - 3_000, world.nowMs, world.nowMs + 4_000])
      }),
      { numRuns: 400 },
    )
  })
})
