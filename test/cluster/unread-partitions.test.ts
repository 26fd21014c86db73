/** What is said where a broker is away: no result claims to hold what nobody could read. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LOCAL, startSearched, type SearchedCluster } from './searched-cluster.ts'

const TOPIC = 'halved'
const AWAY = 2
const query = {
  cluster: LOCAL,
  sources: [{ topic: TOPIC, partitions: null }],
  from: { type: 'oldest' },
  until: { type: 'now' },
  direction: 'forward',
  filter: {},
} as const

let given: SearchedCluster
let away: number
let folder: string

/** One of two partitions is led by the broker that goes. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-unread-'))
  given = await startSearched()
  await given.create(TOPIC, 2)
  for (const partition of [0, 1])
    await given.produce(TOPIC, partition, {
      records: Array.from({ length: 10 }, () => ({
        timestampMs: BigInt(Date.now()),
        key: null,
        value: Buffer.from('v'),
      })),
    })
  const leaders = await leadersOf()
  away = leaders.indexOf(AWAY)
  expect(away).toBeGreaterThanOrEqual(0)
  await given.brokers.broker(AWAY).stop()
  while ((await leadersOf())[away] !== -1) await new Promise(resolve => setTimeout(resolve, 50))
})

afterAll(async () => {
  await given.close()
  rmSync(folder, { recursive: true, force: true })
})

async function leadersOf(): Promise<readonly number[]> {
  given.client.forget()
  const { topics } = await given.client.metadata([TOPIC])
  const partitions = topics[0]!.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex)
  return partitions.map(({ leaderId }) => leaderId)
}

const unread = () => ({
  unreadCount: 1,
  unread: [{ topic: TOPIC, partition: away, problem: { code: 'LEADER_NOT_AVAILABLE' } }],
})

test('a search is over, and says which partition it knows nothing of', async () => {
  const { searchId } = await given.page.call('search.start', query)
  const progress = await given.first(
    'search.watch',
    { searchId },
    ({ state }) => state === 'finished',
  )
  expect(progress).toMatchObject({ found: 10n, totalOffsets: 10n, ...unread() })
})

test('statistics say what is missing in them', async () => {
  const subject = { cluster: LOCAL, topic: TOPIC }
  await given.page.call('statistics.start', { ...subject, partitions: null })
  const result = await given.first('statistics.watch', subject, each => each?.state === 'done')
  expect(result).toMatchObject({ total: { records: 10n }, progress: unread() })
})

test('a file that would not be complete is not begun', async () => {
  const layout = { format: 'ndjson', headers: true, metadata: true, content: 'decoded' } as const
  const { searchId } = await given.page.call('search.start', query)
  for (const what of [
    { type: 'query', ...query } as const,
    { type: 'search', cluster: LOCAL, searchId } as const,
  ])
    await expect(
      given.page.call('export.start', { what, layout, target: 'file', fileName: 'half', folder }),
    ).rejects.toMatchObject({
      code: 'LEADER_NOT_AVAILABLE',
      message: expect.stringContaining(`would not be complete: ${TOPIC}-${away} has no leader`),
    })
  expect(readdirSync(folder)).toEqual([])
})
