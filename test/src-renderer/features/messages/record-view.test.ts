import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Seek } from '../../../../src-main/contract/api/record.ts'
import { keyOfRow } from '../../../../src-renderer/features/messages/table/record-key.ts'
import { PAGE_ROWS } from '../../../../src-renderer/features/messages/table/next-page.ts'
import { RecordView } from '../../../../src-renderer/features/messages/table/record-view.ts'
import { SimulatedTopic, TOPIC } from './simulated-topic.ts'

interface Fixture {
  readonly topic: SimulatedTopic
  readonly view: RecordView
}

async function opened(overrides: { topic?: SimulatedTopic; from?: Seek } = {}): Promise<Fixture> {
  const { topic = new SimulatedTopic(3, 5_000), from = { type: 'newest' } } = overrides
  const view = new RecordView({
    client: topic.client,
    cluster: 'local',
    topic: TOPIC,
    sources: [{ topic: TOPIC, partitions: null }],
    isolation: 'read_uncommitted',
    from,
    until: { type: 'none' },
    at: null,
    look: { fields: [], decoders: { key: 'auto', value: 'auto' } },
    keyOf: keyOfRow(TOPIC),
  })
  view.open()
  await settled()
  return { topic, view }
}

/** Lets every answer that is on its way arrive; nothing here waits for a timer. */
async function settled(): Promise<void> {
  for (let i = 0; i < 200; i += 1) await Promise.resolve()
}

/** So much later by the clock of the tests. */
async function later(ms: number): Promise<void> {
  await settled()
  await vi.advanceTimersByTimeAsync(ms)
  await settled()
}

function keysAt(view: RecordView, first: number, end: number): string[] {
  const { rows } = view.snapshot()
  return Array.from({ length: end - first }, (_, i) => rows.keyAt(first + i))
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('RecordView', () => {
  test('newest first shows the last record on top', async () => {
    const { topic, view } = await opened()
    expect(view.snapshot()).toMatchObject({ opened: true, order: 'newest-first', problem: null })
    expect(view.snapshot().rows.count).toBe(5_000)
    expect(keysAt(view, 0, 2)).toEqual([topic.keyAt(4_999), topic.keyAt(4_998)])
  })

  test('whatever one scrolls to is the record that belongs there', async () => {
    const scroll = fc.array(fc.nat({ max: 4_960 }), { minLength: 1, maxLength: 12 })
    const from = fc.constantFrom<Seek>({ type: 'newest' }, { type: 'oldest' })
    await fc.assert(
      fc.asyncProperty(scroll, from, async (places, from) => {
        const { topic, view } = await opened({ from })
        for (const first of places) {
          view.show(first, first + 40)
          await settled()
          const positions = Array.from({ length: 40 }, (_, i) =>
            from.type === 'newest' ? 4_999 - first - i : first + i,
          )
          expect(keysAt(view, first, first + 40)).toEqual(positions.map(at => topic.keyAt(at)))
        }
      }),
      { numRuns: 25 },
    )
  })

  test('scrolling on by rows reads pages that follow each other, not the same again', async () => {
    const { topic, view } = await opened()
    for (let first = 0; first <= 3_000; first += 20) {
      view.show(first, first + 40)
      await settled()
    }
    expect(topic.pagesAsked.length).toBeLessThanOrEqual(3_300 / PAGE_ROWS + 2)
    expect(topic.pagesAsked.slice(1).every(({ from }) => from.type === 'cut')).toBe(true)
  })

  test('a view from a timestamp has its first record on top and nothing before it', async () => {
    const { topic, view } = await opened({ from: { type: 'timestamp', timestampMs: 300n } })
    expect(view.snapshot().rows.count).toBe(2_600)
    expect(keysAt(view, 0, 2)).toEqual([topic.keyAt(2_400), topic.keyAt(2_401)])
    view.show(2_000, 2_040)
    await settled()
    expect(keysAt(view, 2_000, 2_001)).toEqual([topic.keyAt(4_400)])
  })

  test('another look is read for what is on screen, and the table stays where it is', async () => {
    const { topic, view } = await opened()
    view.show(1_000, 1_040)
    await settled()
    const before = keysAt(view, 1_000, 1_040)
    const field = { part: 'value', path: 'status' } as const
    view.setLook({ fields: [field], decoders: { key: 'auto', value: 'hex' } })
    expect(keysAt(view, 1_000, 1_040)).toEqual(before)
    await settled()
    expect(keysAt(view, 1_000, 1_040)).toEqual(before)
    expect(view.snapshot().rows.at(1_000)).toMatchObject({ fields: [null] })
    expect(topic.pagesAsked.at(-1)).toMatchObject({ fields: [field] })
  })

  test('while one reads, new records are counted and no row moves', async () => {
    const { topic, view } = await opened()
    view.setLive(true)
    view.show(0, 40)
    const before = keysAt(view, 0, 40)
    topic.append(7)
    await settled()
    expect(view.snapshot().newCount).toBe(7n)
    expect(keysAt(view, 0, 40)).toEqual(before)
    view.takeNew()
    await settled()
    expect(view.snapshot().newCount).toBe(0n)
    expect(keysAt(view, 0, 1)).toEqual([topic.keyAt(5_006)])
  })

  test('while it follows, new records are on top as soon as they are read', async () => {
    const { topic, view } = await opened()
    view.setLive(true)
    view.setFollow(true)
    for (const count of [1, 5, 2 * PAGE_ROWS, 3]) {
      topic.append(count)
      await settled()
      expect(view.snapshot().newCount).toBe(0n)
      expect(keysAt(view, 0, 3)).toEqual(
        [1, 2, 3].map(back => topic.keyAt(topic.recordCount - back)),
      )
    }
  })

  test('a live view that was closed asks for nothing any more', async () => {
    const { topic, view } = await opened()
    view.setLive(true)
    view.close()
    expect(topic.isWatched).toBe(false)
  })

  test('an empty topic that comes alive shows its first record', async () => {
    const { topic, view } = await opened({ topic: new SimulatedTopic(1, 0) })
    expect(view.snapshot().rows.count).toBe(0)
    view.setLive(true)
    view.setFollow(true)
    topic.append(1)
    await settled()
    expect(keysAt(view, 0, 1)).toEqual(['0:0'])
  })

  test('a page that fails leaves the rows that are there, and is read on retry', async () => {
    const { topic, view } = await opened()
    topic.failures = 1
    view.show(3_000, 3_040)
    await settled()
    expect(view.snapshot().problem?.code).toBe('UNREACHABLE')
    expect(view.snapshot().rows.count).toBe(5_000)
    view.retry()
    await settled()
    expect(view.snapshot().problem).toBeNull()
    expect(keysAt(view, 3_000, 3_001)).toEqual([topic.keyAt(1_999)])
  })

  test('what passes by itself is tried again without anybody asking', async () => {
    const { topic, view } = await opened()
    topic.failures = 3
    view.show(3_000, 3_040)
    await settled()
    expect(view.snapshot().problem?.code).toBe('UNREACHABLE')
    await later(3_000)
    expect(view.snapshot().problem).toBeNull()
    expect(keysAt(view, 3_000, 3_001)).toEqual([topic.keyAt(1_999)])
  })

  test('a partition that is back is in the table again by itself', async () => {
    const topic = new SimulatedTopic(3, 5_000)
    const problem = { code: 'LEADER_NOT_AVAILABLE', message: 'orders-1 has no leader' }
    topic.problems = [{ topic: TOPIC, partition: 1, problem }]
    const { view } = await opened({ topic })
    expect(view.snapshot().partitionProblems).toEqual(topic.problems)
    await later(60_000)
    expect(view.snapshot().partitionProblems).toEqual(topic.problems)
    topic.problems = []
    const asked = topic.pagesAsked.length
    await later(5_000)
    expect(view.snapshot().partitionProblems).toEqual([])
    // It was looked for, and then what is on screen was read anew.
    expect(topic.pagesAsked.slice(asked).map(({ limit }) => limit)).toEqual([1, PAGE_ROWS])
    await later(60_000)
    expect(topic.pagesAsked.length).toBe(asked + 2)
  })

  test('a live view whose thread ended goes on by itself, says so, and lacks no record', async () => {
    const { topic, view } = await opened()
    view.setLive(true)
    view.setFollow(true)
    topic.append(3)
    await settled()
    topic.interruptLive({ code: 'WORKER_ENDED', message: 'the thread "inspect" ended' })
    expect(view.snapshot().interruption).toMatchObject({
      problem: { code: 'WORKER_ENDED' },
      count: 1,
    })
    topic.append(40)
    await later(1_000)
    expect(topic.isWatched).toBe(true)
    topic.append(2)
    await settled()
    expect(view.snapshot().interruption).toMatchObject({ problem: null, count: 1 })
    expect(view.snapshot().rows.count).toBe(5_045)
    expect(keysAt(view, 0, 45)).toEqual(
      Array.from({ length: 45 }, (_, back) => topic.keyAt(5_044 - back)),
    )
  })

  test('a live view says which partitions are away, and when nothing can be heard at all', async () => {
    const { topic, view } = await opened()
    view.setLive(true)
    const problem = { code: 'UNREACHABLE', message: 'broker 1 does not answer' }
    const away = (partition: number) => ({ topic: TOPIC, partition, problem })
    topic.problems = [away(1)]
    topic.append(1)
    expect(view.snapshot()).toMatchObject({ partitionProblems: [away(1)], interruption: null })
    topic.problems = [away(0), away(1), away(2)]
    topic.append(0)
    expect(view.snapshot()).toMatchObject({ interruption: { problem, count: 1 } })
    topic.problems = []
    topic.append(5)
    expect(view.snapshot()).toMatchObject({
      partitionProblems: [],
      interruption: { problem: null, count: 1 },
    })
  })

  test('a live view of a topic that was deleted ends with the reason', async () => {
    const { topic, view } = await opened()
    view.setLive(true)
    topic.interruptLive({ code: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'topic orders is gone' })
    await later(20_000)
    expect(view.snapshot().problem?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(topic.isWatched).toBe(false)
  })

  test('the cursor knows its place after its page was dropped', async () => {
    const { topic, view } = await opened({ topic: new SimulatedTopic(2, 40_000) })
    const key = topic.keyAt(39_990)
    view.remember(key)
    for (let first = 0; first < 20_000; first += 200) {
      view.show(first, first + 40)
      await settled()
    }
    expect(view.snapshot().rows.indexOf(key)).toBe(9)
  })
})
