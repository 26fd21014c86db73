/** A broker that stands still keeps its connections open: what others lead is shown meanwhile. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CommandName, InputOf } from '../../src-main/contract/define.ts'
import type { ApplicationApi } from '../../src-main/contract/api.ts'
import { LOCAL, startSearched, type SearchedCluster } from './searched-cluster.ts'

const ALONE = 'alone'
const PAUSED = 2
const all = (topic: string) => [{ topic, partitions: null }]
/** Shorter than a request waits by itself. */
const SOON_MS = 25_000

let given: SearchedCluster

beforeAll(async () => {
  given = await startSearched(undefined, { 'broker.session.timeout.ms': '5000' })
  await given.create(ALONE, 2)
  for (const partition of [0, 1]) await produce(ALONE, partition)
})
afterAll(() => given.close())
afterEach(async () => {
  if (isPaused) await resume()
  while ((await leadersOf(ALONE)).includes(-1)) await briefly()
})

async function leadersOf(topic: string): Promise<readonly number[]> {
  const { topics } = await given.client.metadata([topic])
  const partitions = topics[0]!.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex)
  return partitions.map(({ leaderId }) => leaderId)
}

/** Of a topic with a partition on either broker: which one is led by whom. */
async function ledApart(topic: string): Promise<{ stays: number; stops: number }> {
  const leaders = await leadersOf(topic)
  const stops = leaders.indexOf(PAUSED)
  expect(leaders.toSorted((a, b) => a - b)).toEqual([1, PAUSED])
  return { stops, stays: 1 - stops }
}

function produce(topic: string, partition: number): Promise<bigint> {
  const record = { timestampMs: BigInt(Date.now()), key: null, value: Buffer.from('v') }
  return given.produce(topic, partition, { records: [record] })
}

const live = (topic: string) =>
  ({
    cluster: LOCAL,
    sources: all(topic),
    from: { type: 'newest' },
    until: { type: 'none' },
    direction: 'forward',
    filter: {},
  }) as const

const briefly = () => new Promise(next => setTimeout(next, 50))
let isPaused = false

async function pause(): Promise<void> {
  isPaused = true
  await given.brokers.broker(PAUSED).pause()
}

async function resume(): Promise<void> {
  isPaused = false
  await given.brokers.broker(PAUSED).resume()
}

test(
  'a live view goes on with the other leaders, and names the one that is silent',
  async () => {
    const { stays, stops } = await ledApart(ALONE)
    const from = { type: 'newest' } as const
    const view = { cluster: LOCAL, sources: all(ALONE), base: null, from, show: 'rows' } as const
    const said: string[] = []
    const update = await given.first('record.live', view, ({ rows, problems }) => {
      if (!isPaused) void pause()
      const [first] = problems
      if (first !== undefined && said.length === 0) {
        said.push(`${first.partition}: ${first.problem.message}`)
        void produce(ALONE, stays)
      }
      return said.length > 0 && rows.length > 0
    })
    expect(said).toEqual([expect.stringMatching(`^${stops}: .*(does not answer|has no leader)`)])
    expect(update.rows.map(({ partition }) => partition)).toEqual([stays])
  },
  SOON_MS,
)

test(
  'a live search goes on with the other leaders, names the silent one, and comes back to it',
  async () => {
    const { stays, stops } = await ledApart(ALONE)
    const { searchId } = await given.page.call('search.start', live(ALONE))
    await given.first('search.watch', { searchId }, ({ state }) => state === 'waiting')
    await pause()
    const silent = await given.first(
      'search.watch',
      { searchId },
      ({ unreadCount }) => unreadCount > 0,
    )
    expect(silent.unread).toMatchObject([{ partition: stops }])
    expect(silent.partitions.map(({ state }) => state).toSorted()).toEqual(['silent', 'waiting'])
    await produce(ALONE, stays)
    await given.first('search.watch', { searchId }, ({ found }) => found === 1n)
    await resume()
    await produceWhenLed(ALONE, stops)
    const back = await given.first('search.watch', { searchId }, ({ found }) => found === 2n)
    expect(back).toMatchObject({ unreadCount: 0 })
    await given.page.call('search.close', { searchId })
  },
  SOON_MS,
)

async function produceWhenLed(topic: string, partition: number): Promise<void> {
  while ((await leadersOf(topic))[partition] === -1) await briefly()
  await produce(topic, partition)
}

const REPLICATED = 'replicated'

test(
  'a live search goes on with the leader that follows the silent one',
  async () => {
    // A new one: leaders that moved in another test stay where they are.
    await given.create(REPLICATED, 2, 2)
    const { stops } = await ledApart(REPLICATED)
    const { searchId } = await given.page.call('search.start', live(REPLICATED))
    await given.first('search.watch', { searchId }, ({ state }) => state === 'waiting')
    await pause()
    while ((await leadersOf(REPLICATED))[stops] !== 1) await briefly()
    await produce(REPLICATED, stops)
    await given.first('search.watch', { searchId }, ({ found }) => found === 1n)
    await given.page.call('search.close', { searchId })
  },
  SOON_MS,
)

const commands: readonly {
  [N in CommandName<ApplicationApi>]: readonly [N, InputOf<ApplicationApi, N>]
}[CommandName<ApplicationApi>][] = [
  ['topic.figures', { cluster: LOCAL, topics: [ALONE] }],
  ['topic.describe', { cluster: LOCAL, topic: ALONE }],
  ['topic.producers', { cluster: LOCAL, topic: ALONE }],
  ['group.list', { cluster: LOCAL }],
  ['cluster.overview', { cluster: LOCAL }],
  [
    'record.page',
    {
      cluster: LOCAL,
      sources: all(ALONE),
      base: null,
      from: { type: 'newest' },
      direction: 'backward',
      limit: 10,
    },
  ],
]

test(
  'what is asked of all brokers is answered without the silent one',
  async () => {
    await ledApart(ALONE)
    await pause()
    const answers = await Promise.allSettled(
      commands.map(([name, input]) => given.page.call(name, input as never)),
    )
    const reasons = answers.flatMap(each => (each.status === 'rejected' ? [each.reason] : []))
    for (const reason of reasons)
      expect(reason).toMatchObject({ message: expect.stringContaining('does not answer') })
  },
  SOON_MS,
)
