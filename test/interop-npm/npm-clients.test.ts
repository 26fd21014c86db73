/** The clients that npm has, each in a process of its own, over TCP. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from '../interop/cluster-under-test.ts'
import { runChecked } from '../interop/run-command.ts'
import type { RunningCluster } from '../interop/running-cluster.ts'
import { checkoutFolder, nodeCommand } from '../interop/setup/cache.ts'
import { jsonLines } from '../interop/tools.ts'

let cluster: RunningCluster

describe('npm clients', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test('kafkajs produces, shares a group and administers', async () => {
    expect(await steps('kafkajs-round.ts')).toEqual([
      { step: 'create', created: true },
      { step: 'create again', created: false },
      { step: 'wide', error: 'INVALID_REPLICATION_FACTOR' },
      { step: 'metadata', partitions: 4 },
      { step: 'config', entries: ['1234567'] },
      { step: 'ends', high: ['50', '50', '50', '50'], low: ['0', '0', '0', '0'] },
      { step: 'by time', offsets: ['25', '25', '25', '25'] },
      { step: 'shared', partitions: [0, 1, 2, 3], values: 200, headers: ['0', '1'] },
      { step: 'group', state: 'Stable', members: 2 },
      { step: 'committed', offsets: ['50', '50', '50', '50'] },
      { step: 'reset', offsets: ['0', '0', '0', '0'] },
      { step: 'cut', low: '10' },
      { step: 'deleted', listed: false },
    ])
  })

  test('@platformatic/kafka produces with every codec, consumes and administers', async () => {
    expect(await steps('platformatic-round.ts')).toEqual([
      { step: 'create', partitions: 2 },
      { step: 'create again', error: ['TOPIC_ALREADY_EXISTS'] },
      { step: 'produced', count: 250 },
      { step: 'consumed', values: 250, headers: ['gzip', 'lz4', 'none', 'snappy', 'zstd'] },
      { step: 'group', state: 'Empty' },
      { step: 'deleted', listed: false },
    ])
  })
})

async function steps(script: string): Promise<any[]> {
  const path = join(checkoutFolder, 'test', 'interop-npm', script)
  const args = ['--no-warnings', path, cluster.bootstrap, 'npm']
  return jsonLines((await runChecked(nodeCommand, args, { timeoutMs: 55_000 })).stdout)
}
