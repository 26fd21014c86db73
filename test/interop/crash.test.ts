/**
 * kill -9 of the whole process while a producer with acks=all writes to three replicas. The operating
 * system goes on, so what was acknowledged was in the page cache at least, and none of it may be
 * missing. CRASH_ROUNDS=100 does it as often.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kindUnderTest, startClusterUnderTest } from './cluster-under-test.ts'
import { runChecked, startCommand } from './run-command.ts'
import type { RunningCluster } from './running-cluster.ts'
import { go, goProgram } from './setup/go.ts'
import { createTopic, goRun } from './tools.ts'

const found = await go.find()
const rounds = Number(process.env['CRASH_ROUNDS'] ?? (kindUnderTest === 'apache' ? 2 : 5))
const ROUND_MS = 30_000
const group = 'crash-group'
let folder: string

describe.skipIf(found === null)('kill -9', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crash-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    `loses nothing that was acknowledged, in ${rounds} rounds`,
    async () => {
      const acknowledged = new Map<string, string>()
      let committed = -1

      for (let round = 0; round < rounds; round++) {
        const cluster = await startClusterUnderTest({ dataFolder: folder, brokers: 3 })
        if (round === 0) {
          const small = { 'segment.bytes': '1048576', 'segment.index.bytes': '10240' }
          const configs = { ...small, 'min.insync.replicas': '2' }
          await createTopic(cluster, 'crash', { partitions: 3, factor: 3, configs })
        } else {
          await expectAll(cluster, acknowledged)
          expect(await committedOffset(cluster)).toBe(committed)
        }
        committed = 1_000 + round
        await committedOffset(cluster, committed)

        const stream = ['kgo-stream', cluster.bootstrap, 'crash', `round${round}`]
        const producer = startCommand(goProgram(), stream)
        // Not always at the same place: the count changes with the round.
        await producer.line(new RegExp(`round${round}-${1_000 + (round % 20) * 700}$`))
        await cluster.kill()
        await producer.end('SIGKILL')
        // The last line may have been cut by the producer's own end.
        const lines = producer.output().split('\n').slice(0, -1)
        for (const line of lines) acknowledged.set(...parsed(line))
      }

      const cluster = await startClusterUnderTest({ dataFolder: folder, brokers: 3 })
      expect(acknowledged.size).toBeGreaterThan(rounds * 1_000)
      await expectAll(cluster, acknowledged)
      expect(await committedOffset(cluster)).toBe(committed)
      await cluster.stop()
    },
    rounds * ROUND_MS,
  )
})

async function expectAll(cluster: RunningCluster, acknowledged: Map<string, string>) {
  const { stdout } = await runChecked(goProgram(), ['kgo-dump', cluster.bootstrap, 'crash'])
  const stored = new Map(stdout.split('\n').filter(Boolean).map(parsed))
  const missing = [...acknowledged].filter(([at, value]) => stored.get(at) !== value)
  expect(missing).toEqual([])
}

/** `partition offset` and the value. */
function parsed(line: string): [string, string] {
  const [partition, offset, value] = line.split(' ')
  return [`${partition} ${offset}`, value!]
}

/** What the group has committed, after committing `offset` when it is given. */
async function committedOffset(cluster: RunningCluster, offset?: number): Promise<number> {
  const change = offset === undefined ? [] : [String(offset)]
  const [answer] = await goRun(['kgo-commit', cluster.bootstrap, 'crash', group, ...change])
  return answer.offset
}
