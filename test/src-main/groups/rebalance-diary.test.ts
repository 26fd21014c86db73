/** The diary fed by a real coordinator: what it says is compared with what the group did. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consumerProtocolAssignment } from '../../../engine/protocol/consumer-protocol.ts'
import { RebalanceDiary, type RebalanceDraft } from '../../../src-main/groups/rebalance-diary.ts'
import { GROUP, GroupWorld, SESSION_MS } from '../../engine/group/group-world.ts'

class Watched {
  readonly world = new GroupWorld({ initialRebalanceDelayMs: 0 })
  readonly diary = new RebalanceDiary()
  readonly entries: RebalanceDraft[] = []
  #read = 0

  /** New entries; one that is told again replaces the earlier. */
  read(): readonly RebalanceDraft[] {
    const fresh: RebalanceDraft[] = []
    for (const event of this.world.events.slice(this.#read)) {
      const draft = this.diary.take(event)
      if (draft === null) continue
      const known = this.entries.findIndex(
        ({ generationId, startedMs }) =>
          generationId === draft.generationId && startedMs === draft.startedMs,
      )
      if (known >= 0) this.entries[known] = draft
      else this.entries.push(draft)
      fresh.push(draft)
    }
    this.#read = this.world.events.length
    return fresh
  }

  /** The leader assigns the partitions in turn, and all ask, the leader last. */
  assign(partitions: readonly number[]): void {
    const { world } = this
    const { members, leaderId } = world.shard.summary(GROUP)!
    const assignments = Object.fromEntries(
      members.map(({ memberId }, place) => [
        memberId,
        holds(partitions.filter(number => number % members.length === place)),
      ]),
    )
    for (const { memberId } of members) if (memberId !== leaderId) world.sync({ memberId })
    if (leaderId !== null) world.sync({ memberId: leaderId, assignments })
  }
}

describe('a diary', () => {
  test('tells of a first generation, and of the member that comes later', () => {
    const { watched, first } = alone()
    const { world } = watched
    const [formed] = watched.read()
    expect(formed).toMatchObject({
      source: 'coordinator',
      outcome: 'stable',
      generationId: 1,
      leaderId: first,
      protocol: 'range',
      movedCount: 4,
      partitionCount: 4,
      members: [{ memberId: first, clientId: 'one', change: 'joined', heldCount: 4 }],
    })
    world.nowMs += 5_000
    const startedMs = world.nowMs
    const { memberId: second } = world.enter({ clientId: 'two', reason: 'new here' })
    world.nowMs += 700
    world.join({ memberId: first })
    world.nowMs += 40
    watched.assign([0, 1, 2, 3])
    expect(watched.read()).toEqual([
      {
        source: 'coordinator',
        outcome: 'stable',
        generationId: 2,
        leaderId: first,
        protocol: 'range',
        startedMs: BigInt(startedMs),
        formedMs: BigInt(startedMs + 700),
        finishedMs: BigInt(startedMs + 740),
        reasons: [`member ${second} joins; client reason: new here`],
        movedCount: 2,
        partitionCount: 4,
        members: [
          {
            memberId: first,
            groupInstanceId: null,
            clientId: 'one',
            clientHost: '/127.0.0.1',
            change: 'rejoined',
            reason: 'not provided',
            joinedMs: BigInt(startedMs + 700),
            syncedMs: BigInt(startedMs + 740),
            heldCount: 2,
            gained: [],
            lost: [{ topic: 'orders', partitions: [1, 3] }],
          },
          {
            memberId: second,
            groupInstanceId: null,
            clientId: 'two',
            clientHost: '/127.0.0.1',
            change: 'joined',
            reason: 'new here',
            joinedMs: BigInt(startedMs),
            syncedMs: BigInt(startedMs + 740),
            heldCount: 2,
            gained: [{ topic: 'orders', partitions: [1, 3] }],
            lost: [],
          },
        ],
      },
    ])
    expect(watched.diary.holding(GROUP, 'orders', 0)).toMatchObject({ memberId: first })
    expect(watched.diary.holding(GROUP, 'orders', 1)).toEqual({
      memberId: second,
      sinceMs: startedMs + 740,
    })
    expect(watched.diary.member(GROUP, second)).toMatchObject({ joinedMs: startedMs })
  })

  test('says who was expelled and why', () => {
    const { watched, first } = pair()
    watched.read()
    const { world } = watched
    const startedMs = world.nowMs
    for (let beat = 0; beat < 5; beat++) {
      world.wait(SESSION_MS / 4)
      world.heartbeat({ memberId: first })
    }
    world.join({ memberId: first })
    watched.assign([0, 1, 2, 3])
    const [entry] = watched.read()
    expect(entry).toMatchObject({ outcome: 'stable', generationId: 3, movedCount: 2 })
    expect(Number(entry!.startedMs)).toBeGreaterThanOrEqual(startedMs + SESSION_MS)
    expect(entry!.members.find(({ change }) => change === 'removed')).toMatchObject({
      reason: 'session-timeout',
      heldCount: 0,
      lost: [{ topic: 'orders', partitions: [1, 3] }],
    })
  })

  test('tells of a group that everybody left, and of one that goes', () => {
    const { watched, first } = alone()
    watched.read()
    watched.world.leave([{ memberId: first, reason: 'closing' }])
    expect(watched.read()).toMatchObject([
      {
        outcome: 'empty',
        generationId: 2,
        movedCount: 4,
        partitionCount: 0,
        members: [{ memberId: first, change: 'left', reason: 'closing', heldCount: 0 }],
      },
    ])
    watched.world.deleteGroups(GROUP)
    expect(watched.read()).toEqual([])
    expect(watched.diary.generationId(GROUP)).toBeNull()
  })

  test('a generation that gets no assignment is cut off by the next one', () => {
    const { watched, first } = alone()
    watched.read()
    const { memberId: second } = watched.world.enter({ clientId: 'two' })
    watched.world.join({ memberId: first })
    // Nobody has assigned when a third one comes.
    const { memberId: third } = watched.world.enter({ clientId: 'three' })
    for (const memberId of [first, second]) watched.world.join({ memberId })
    watched.assign([0, 1, 2, 3])
    const [cut, settled] = watched.read()
    expect(cut).toMatchObject({ outcome: 'cut-off', generationId: 2, movedCount: 0 })
    expect(settled).toMatchObject({ outcome: 'stable', generationId: 3 })
    expect(changesOf(settled!)).toEqual(
      new Map([
        [first, 'rejoined'],
        [second, 'joined'],
        [third, 'joined'],
      ]),
    )
  })

  test('a member that asks late is told of again', () => {
    const { watched, first } = alone()
    watched.read()
    const { memberId: second } = watched.world.enter({ clientId: 'two' })
    const { world } = watched
    world.join({ memberId: first })
    world.sync({ memberId: first, assignments: { [first]: holds([0]), [second]: holds([1]) } })
    expect(watched.read()).toMatchObject([{ members: [{}, { memberId: second, syncedMs: null }] }])
    world.nowMs += 90
    world.sync({ memberId: second })
    expect(watched.read()).toMatchObject([
      { generationId: 2, members: [{}, { memberId: second, syncedMs: BigInt(world.nowMs) }] },
    ])
  })

  test('a static member that comes back keeps what it held', () => {
    const watched = new Watched()
    const { world } = watched
    const token = world.join({ groupInstanceId: 'desk-1', clientId: 'one' })
    world.tick()
    const { memberId } = world.joinReply(token)
    const assignments = { [memberId]: holds([0, 1]) }
    world.sync({ memberId, groupInstanceId: 'desk-1', assignments })
    watched.read()
    world.nowMs += 3_000
    const again = world.joinReply(world.join({ groupInstanceId: 'desk-1' })).memberId
    expect(again).not.toBe(memberId)
    expect(watched.read()).toMatchObject([
      {
        outcome: 'stable',
        generationId: 1,
        movedCount: 0,
        members: [{ memberId: again, change: 'replaced', groupInstanceId: 'desk-1' }],
      },
    ])
    expect(watched.diary.holding(GROUP, 'orders', 1)).toMatchObject({ memberId: again })
  })

  test('of a group that was there before it looked knows no moves', () => {
    const { watched, first } = alone()
    const late = new RebalanceDiary()
    const before = watched.world.events.length
    watched.world.enter({ clientId: 'two' })
    watched.world.join({ memberId: first })
    watched.assign([0, 1])
    const drafts = watched.world.events.slice(before).flatMap(event => late.take(event) ?? [])
    expect(drafts.at(-1)).toMatchObject({ movedCount: null, partitionCount: 2 })
    expect(late.holding(GROUP, 'orders', 0)?.sinceMs).toBeNull()
  })
})

const step = fc.oneof(
  fc.constant({ kind: 'enter' as const }),
  fc.record({ kind: fc.constantFrom('leave' as const, 'rejoin' as const), place: fc.nat(3) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 4_000, 11_000, 70_000) }),
  fc.record({ kind: fc.constant('settle' as const), partitions: fc.integer({ min: 0, max: 6 }) }),
)

describe('whatever members do', () => {
  test('the diary holds what the coordinator holds, and its entries add up', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const watched = new Watched()
        for (const next of steps) {
          play(watched, next)
          watched.read()
          if (watched.world.state === 'Stable') expectAgreement(watched)
        }
        for (const entry of watched.entries) expectConsistency(entry)
      }),
      { numRuns: 300 },
    )
  })
})

function play(watched: Watched, next: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
  const { world } = watched
  const memberId = 'place' in next ? world.memberIds[next.place] : undefined
  switch (next.kind) {
    case 'enter':
      if (world.memberIds.length < 4) world.enter({ clientId: `c${world.memberIds.length}` })
      return
    case 'leave':
      if (memberId !== undefined) world.leave([{ memberId, reason: 'enough' }])
      return
    case 'rejoin':
      if (memberId !== undefined) world.join({ memberId })
      return
    case 'wait':
      world.wait(next.ms)
      return
    case 'settle':
      for (let round = 0; world.state === 'PreparingRebalance' && round < 3; round++) {
        for (const each of world.shard.summary(GROUP)!.members)
          if (each.awaits === null) world.join({ memberId: each.memberId })
        world.tick()
      }
      if (world.state === 'CompletingRebalance')
        watched.assign(Array.from({ length: next.partitions }, (_, number) => number))
  }
}

function expectAgreement({ world, diary }: Watched): void {
  const { members, generationId } = world.shard.summary(GROUP)!
  expect(diary.generationId(GROUP)).toBe(generationId)
  for (const { memberId, assigned } of members)
    for (const { topic, partitions } of assigned ?? [])
      for (const partition of partitions)
        expect(diary.holding(GROUP, topic, partition)?.memberId).toBe(memberId)
}

/** Written apart from the code under test: what each gained another lost, or nobody had. */
function expectConsistency(entry: RebalanceDraft): void {
  expect(entry.finishedMs).toBeGreaterThanOrEqual(entry.startedMs)
  if (entry.formedMs !== null) {
    expect(entry.formedMs).toBeGreaterThanOrEqual(entry.startedMs)
    expect(entry.finishedMs).toBeGreaterThanOrEqual(entry.formedMs)
  }
  const places = (kind: 'gained' | 'lost') =>
    entry.members.flatMap(member =>
      member[kind].flatMap(({ topic, partitions }) => partitions.map(each => `${topic}-${each}`)),
    )
  const [gained, lost] = [places('gained'), places('lost')]
  expect(new Set(gained).size).toBe(gained.length)
  expect(new Set(lost).size).toBe(lost.length)
  if (entry.outcome !== 'cut-off' && entry.movedCount !== null)
    expect(new Set([...gained, ...lost]).size).toBe(entry.movedCount)
  const held = entry.members.reduce((sum, { heldCount }) => sum + heldCount, 0)
  if (entry.outcome === 'stable') expect(held).toBe(entry.partitionCount)
}

function alone(): { readonly watched: Watched; readonly first: string } {
  const watched = new Watched()
  const { memberId } = watched.world.enter({ clientId: 'one' })
  watched.world.tick()
  watched.assign([0, 1, 2, 3])
  return { watched, first: memberId }
}

function pair(): { readonly watched: Watched; readonly first: string } {
  const { watched, first } = alone()
  watched.world.enter({ clientId: 'two' })
  watched.world.join({ memberId: first })
  watched.assign([0, 1, 2, 3])
  return { watched, first }
}

function holds(partitions: readonly number[]): Uint8Array {
  const assignedPartitions = partitions.length === 0 ? [] : [{ topic: 'orders', partitions }]
  const body = consumerProtocolAssignment.encode({ assignedPartitions, userData: null }, 1)
  return Uint8Array.from([0, 1, ...body])
}

function changesOf({ members }: RebalanceDraft): ReadonlyMap<string, string> {
  return new Map(members.map(({ memberId, change }) => [memberId, change]))
}
