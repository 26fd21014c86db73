import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch, type BatchInput } from '../../../engine/protocol/records/batch-builder.ts'
import { buildEndTxnMarker } from '../../../engine/protocol/records/control-records.ts'
import {
  decodeProducerSnapshot,
  encodeProducerSnapshot,
} from '../../../engine/log/producer-snapshot.ts'
import { ProducerState } from '../../../engine/log/producer-state.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { config, nowMs, openLog, values } from './log-fixture.ts'

const SEQUENCES = 2 ** 31

function produced(baseSequence: number, overrides: Partial<BatchInput> = {}): Uint8Array {
  const identity = { producerId: 7n, producerEpoch: 0, baseSequence }
  return buildBatch({ records: values(2), ...identity, ...overrides })
}

function newLog() {
  const log = openLog(new MemoryDisk())
  const append = (bytes: Uint8Array) => {
    const result = log.appendAsLeader(bytes, { leaderEpoch: 0, nowMs, origin: 'client' })
    return [result.baseOffset, result.duplicate]
  }
  return { log, append }
}

describe('an idempotent producer', () => {
  test('may begin with any sequence where nothing is known of it', () => {
    const { append } = newLog()
    expect(append(produced(40))).toEqual([0n, false])
    expect(append(produced(42))).toEqual([2n, false])
  })

  test('gets the first offset again for each of its last five batches', () => {
    const { log, append } = newLog()
    for (let n = 0; n < 7; n++) append(produced(n * 2))
    for (let n = 2; n < 7; n++) expect(append(produced(n * 2))).toEqual([BigInt(n * 2), true])
    expect(log.logEndOffset).toBe(14n)
    expect(() => append(produced(2))).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  test('leaves out no sequence', () => {
    const { log, append } = newLog()
    append(produced(0))
    expect(() => append(produced(3))).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(log.logEndOffset).toBe(2n)
    expect(append(produced(2))).toEqual([2n, false])
  })

  test('goes on with 0 after the last sequence', () => {
    const { append } = newLog()
    append(produced(SEQUENCES - 2))
    expect(() => append(produced(1))).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(append(produced(0))).toEqual([2n, false])
    expect(append(produced(SEQUENCES - 2))).toEqual([0n, true])
  })

  test('repeats a batch that itself wraps', () => {
    const { append } = newLog()
    append(produced(SEQUENCES - 1))
    expect(append(produced(SEQUENCES - 1))).toEqual([0n, true])
    expect(append(produced(1))).toEqual([2n, false])
  })

  test('begins a new epoch with 0, and the old one is fenced', () => {
    const { append } = newLog()
    append(produced(0))
    expect(() => append(produced(2, { producerEpoch: 1 }))).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(append(produced(0, { producerEpoch: 1 }))).toEqual([2n, false])
    expect(() => append(produced(2))).toThrow('INVALID_PRODUCER_EPOCH')
  })

  test('is forgotten after producer.id.expiration.ms', () => {
    const { log, append } = newLog()
    append(produced(0))
    log.removeExpiredProducers(nowMs + 86_400_000)
    expect(log.activeProducers()).toHaveLength(1)
    log.removeExpiredProducers(nowMs + 86_400_001)
    expect(log.activeProducers()).toEqual([])
    expect(append(produced(9))).toEqual([2n, false])
  })

  test('is known again after a clean stop, a kill, and a kill without any snapshot', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 1_000 })
    let log = openLog(disk, { config: small })
    for (let n = 0; n < 20; n++)
      log.appendAsLeader(produced(n * 2), { leaderEpoch: 0, nowMs, origin: 'client' })
    const last = () =>
      log.activeProducers().map(entry => ({ ...entry, batches: entry.batches.slice(-1) }))
    const before = last()
    expect(before[0]?.batches[0]?.lastSequence).toBe(39)
    log.close()
    log = openLog(disk, { config: small, recoveryPoint: 40n })
    expect(last()).toEqual(before)
    const killed = disk.afterKill()
    log = openLog(killed, { config: small, cleanShutdown: false })
    expect(last()).toEqual(before)
    const bare = disk.afterKill()
    for (const path of bare.files.keys()) if (path.endsWith('.snapshot')) bare.remove(path)
    log = openLog(bare, { config: small, cleanShutdown: false })
    expect(last()).toEqual(before)
    expect(log.activeProducers()[0]?.batches).toHaveLength(5)
  })

  test('after truncation is where the log is, whatever later snapshots said', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 1_000 })
    let log = openLog(disk, { config: small })
    for (let n = 0; n < 20; n++)
      log.appendAsLeader(produced(n * 2), { leaderEpoch: 0, nowMs, origin: 'client' })
    log.truncateTo(22n, { nowMs })
    const lastSequence = () => log.activeProducers()[0]?.batches.at(-1)?.lastSequence
    expect(lastSequence()).toBe(21)
    log.close()
    log = openLog(disk, { config: small })
    expect(lastSequence()).toBe(21)
    const append = { leaderEpoch: 0, nowMs, origin: 'client' as const }
    expect(() => log.appendAsLeader(produced(40), append)).toThrow('OUT_OF_ORDER')
    expect(log.appendAsLeader(produced(22), append).baseOffset).toBe(22n)
  })

  test('a damaged snapshot is passed over for an older one and the batches behind it', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 1_000 })
    let log = openLog(disk, { config: small })
    for (let n = 0; n < 20; n++)
      log.appendAsLeader(produced(n * 2), { leaderEpoch: 0, nowMs, origin: 'client' })
    const before = log.activeProducers()
    log.close()
    const snapshots = [...disk.files.keys()].filter(path => path.endsWith('.snapshot')).sort()
    expect(snapshots.length).toBeGreaterThan(2)
    disk.files.get(snapshots.at(-1)!)!.bytes[20]! ^= 1
    log = openLog(disk, { config: small })
    expect(log.activeProducers()[0]?.batches.at(-1)).toEqual(before[0]?.batches.at(-1))
  })
})

describe('the producer state', () => {
  const entry = fc.record({
    producerId: fc.bigInt(0n, 2n ** 63n - 1n),
    producerEpoch: fc.integer({ min: 0, max: 32_767 }),
    coordinatorEpoch: fc.integer({ min: -1, max: 1_000 }),
    lastTimestampMs: fc.bigInt(-1n, 2n ** 62n),
    currentTxnFirstOffset: fc.option(fc.bigInt(0n, 2n ** 62n), { nil: null }),
    lastSequence: fc.integer({ min: 0, max: SEQUENCES - 1 }),
    lastOffset: fc.bigInt(0n, 2n ** 62n),
    offsetDelta: fc.nat(1_000),
  })

  test('a snapshot gives back what it was made of', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), inputs => {
        const entries = inputs.map(({ lastSequence, lastOffset, offsetDelta, ...rest }) => {
          const { lastTimestampMs: timestampMs } = rest
          return { ...rest, batches: [{ lastSequence, lastOffset, offsetDelta, timestampMs }] }
        })
        expect(decodeProducerSnapshot(encodeProducerSnapshot(entries))).toEqual(entries)
      }),
    )
  })

  test('a snapshot that was cut or changed anywhere is seen to be damaged', () => {
    const state = new ProducerState('orders-0', 0n)
    state.update(produced(0), 0)
    const whole = encodeProducerSnapshot(state.entries())
    for (let length = 0; length < whole.length; length++)
      expect(decodeProducerSnapshot(whole.subarray(0, length))).toBeNull()
    for (let at = 2; at < whole.length; at++) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 0x10
      expect(decodeProducerSnapshot(changed)).toBeNull()
    }
  })

  test('a transaction is open from its first batch to its marker', () => {
    const state = new ProducerState('orders-0', 0n)
    state.update(produced(0, { transactional: true, baseOffset: 10n }), 0)
    state.update(produced(2, { transactional: true, baseOffset: 12n }), 0)
    expect(state.entries()[0]?.currentTxnFirstOffset).toBe(10n)
    expect(() => state.check(produced(4), 0, { checksSequence: true })).toThrow('INVALID_TXN_STATE')
    const marker = {
      type: 'COMMIT',
      coordinatorEpoch: 3,
      producerId: 7n,
      producerEpoch: 0,
    } as const
    state.update(buildEndTxnMarker({ ...marker, timestampMs: 9n, baseOffset: 14n }), 0)
    expect(state.entries()[0]).toMatchObject({ currentTxnFirstOffset: null, coordinatorEpoch: 3 })
    expect(state.endOffset).toBe(15n)
  })
})
