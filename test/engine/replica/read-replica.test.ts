import { describe, expect, test } from 'vitest'
import { replicaInRack, type ReadableReplica } from '../../../engine/replica/read-replica.ts'

const replica = (brokerId: number, rack: string | null, logEndOffset = 9n, lastCaughtUpMs = 5) =>
  ({ brokerId, rack, logEndOffset, lastCaughtUpMs }) satisfies ReadableReplica

describe('a consumer reads', () => {
  const all = [replica(1, 'a'), replica(2, 'b', 7n), replica(3, 'b', 8n), replica(4, 'b', 8n, 6)]
  test.each([
    ['from the leader where it says no rack', '', 1],
    ['from the leader in its own rack', 'a', 1],
    ['from the leader where its rack has no replica', 'c', 1],
    ['from the freshest replica of its rack', 'b', 4],
  ])('%s', (_, rack, brokerId) => {
    expect(replicaInRack(rack, 1, all)).toBe(brokerId)
  })
})
