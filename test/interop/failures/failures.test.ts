/**
 * A few cells of the matrix of failures (`npm run report:failures` runs all, and Apache Kafka's):
 * what was acknowledged with acks=all is there in the end, once, and everyone is in sync again.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kindUnderTest } from '../cluster-under-test.ts'
import { java } from '../setup/java.ts'
import { python } from '../setup/python.ts'
import { startFailingApacheKafka } from './failing-apache-kafka.ts'
import type { FailingCluster } from './failing-cluster.ts'
import { startFailingOdradek } from './failing-odradek.ts'
import { killTwo, runCell, type Cell } from './failure-cell.ts'

const found = (await java.find()) !== null && (await python.find()) !== null
const holdMs = 5_000
const LIMIT_MS = 240_000
const cells: readonly Cell[] = [
  { target: 'leader', fault: 'kill', acks: 'all' },
  { target: 'follower', fault: 'pause', acks: 'all' },
  { target: 'controller', fault: 'kill', acks: 'all' },
]

describe.skipIf(!found)('under load', () => {
  let cluster: FailingCluster

  beforeAll(async () => {
    cluster =
      kindUnderTest === 'apache' ? await startFailingApacheKafka() : await startFailingOdradek()
  })
  afterAll(async () => {
    await cluster.stop()
  })

  test.each(cells)(
    'a $fault of the $target loses nothing that was acknowledged with acks=$acks',
    async cell => {
      const result = await runCell(cluster, { ...cell, holdMs })
      expect(result).toMatchObject({ lost: 0, duplicated: 0, unread: 0 })
      expect(result.inSyncAfterMs).not.toBeNull()
      expect(result.acknowledged).toBeGreaterThan(1_000)
    },
    LIMIT_MS,
  )

  test.each(['leader', 'follower'] as const)(
    'with only the %s left of three, acks=all is refused as Apache Kafka refuses it',
    async left => {
      const { errors, acknowledged, recovered } = await killTwo(cluster, left)
      // As Java names it and as librdkafka does.
      expect(errors.toSorted()).toEqual(['NOT_ENOUGH_REPLICAS', 'NotEnoughReplicasException'])
      expect(acknowledged).toBe(0)
      expect(recovered).toBe(true)
    },
    LIMIT_MS,
  )
})
