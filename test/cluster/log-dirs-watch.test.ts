/** Sizes of brokers' folders, kept for a while, and whether the brokers are there meanwhile. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { LogDirsWatch } from '../../src-main/brokers/log-dirs-watch.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'

let cluster: Cluster
let client: Client

beforeAll(async () => {
  cluster = await startCluster({ brokers: 2, ports: [0, 0] })
  client = openClient({ bootstrap: addressesOf(cluster.bootstrap), clientId: 'test' })
})

afterAll(async () => {
  client.close()
  await cluster.stop()
})

test('a broker that dies while its sizes are kept is silent while they are kept', async () => {
  let nowMs = 0
  const watch = new LogDirsWatch(client, () => nowMs)
  const look = async (tookMs: number) => {
    const looking = watch.read([1, 2], new Set())
    nowMs += tookMs
    return await looking
  }
  // It took long, and so it is kept for five seconds.
  const [, before] = await look(100)
  expect(before?.problem).toBeNull()
  expect((await look(10))[1]).toBe(before)

  await cluster.broker(2).kill()
  await vi.waitFor(async () => {
    const [one, two] = await look(10)
    expect(one?.problem).toBeNull()
    expect(two).toMatchObject({ brokerId: 2, logDirs: [], problem: { code: expect.any(String) } })
  }, 10_000)
  expect(nowMs).toBeLessThan(5_000)

  await cluster.broker(2).start()
  await vi.waitFor(async () => {
    const [, after] = await look(10)
    expect(after?.problem).toBeNull()
    expect(after?.logDirs).toHaveLength(1)
  }, 10_000)
})
