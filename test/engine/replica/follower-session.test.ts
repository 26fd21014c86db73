import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FetchSessionCache } from '../../../engine/replica/fetch-sessions.ts'
import { FollowerSession, type FetchPosition } from '../../../engine/replica/follower-session.ts'

interface Replica {
  readonly topicId: string
  readonly index: number
}

const replicas: readonly Replica[] = [0, 1, 2].map(index => ({ topicId: `t${index % 2}`, index }))

const move = fc.oneof(
  fc.record({
    kind: fc.constant('position' as const),
    which: fc.nat(2),
    offset: fc.option(fc.bigInt(0n, 5n)),
  }),
  fc.record({ kind: fc.constant('fetch' as const) }),
  fc.record({ kind: fc.constant('leader forgets' as const) }),
)

test('the leader always reads what the follower means to fetch, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), moves => {
      let cache = newCache()
      const session = new FollowerSession<Replica>()
      const wanted = new Map<Replica, FetchPosition>()
      const changed = new Map<Replica, FetchPosition | null>()
      for (const next of moves) {
        if (next.kind === 'leader forgets') cache = newCache()
        else if (next.kind === 'position') {
          const replica = replicas[next.which]!
          const position = next.offset === null ? null : positionAt(next.offset)
          changed.set(replica, position)
          if (position === null) wanted.delete(replica)
          else wanted.set(replica, position)
        } else {
          const request = session.next(changed)
          changed.clear()
          // Nothing to fetch: as the fetcher, which then waits.
          if (session.size === 0) continue
          const opened = cache.open(asRequest(request), 0)
          if (opened.type === 'error') {
            session.reset()
            for (const [replica, position] of wanted) changed.set(replica, position)
            continue
          }
          const { partitions } = opened.context
          const read = partitions.map(each => [each.partition, each.fetchOffset] as const)
          const meant = [...wanted].map(([{ index }, each]) => [index, each.fetchOffset] as const)
          expect(new Map(read)).toEqual(new Map(meant))
          const outcomes = partitions.map(each => ({
            request: each,
            mustTell: false,
            highWatermark: 0n,
            logStartOffset: 0n,
            records: [],
          }))
          const { sessionId } = opened.context.conclude(outcomes, 0)
          session.answered(sessionId)
          if (sessionId === 0)
            for (const [replica, position] of wanted) changed.set(replica, position)
        }
      }
    }),
    { numRuns: 3_000 },
  )
})

function newCache(): FetchSessionCache {
  let id = 0
  return new FetchSessionCache({ slotsMax: 10, evictionMs: 1_000, newId: () => ++id })
}

function positionAt(fetchOffset: bigint): FetchPosition {
  return { currentLeaderEpoch: 1, fetchOffset, lastFetchedEpoch: 1, logStartOffset: 0n }
}

function asRequest(request: ReturnType<FollowerSession<Replica>['next']>) {
  const named = ({ topicId, index }: Replica) => ({ topic: '', topicId, partition: index })
  return {
    sessionId: request.sessionId,
    sessionEpoch: request.sessionEpoch,
    usesTopicIds: true,
    isFollower: true,
    partitions: request.partitions.map(({ partition, position }) => ({
      ...named(partition),
      ...position,
      partitionMaxBytes: 1,
    })),
    forgotten: request.forgotten.map(named),
    topicName: () => 'known',
  }
}
