/**
 * Random clients, legal and not, on one group: whatever they do, the promises of the protocol hold.
 * Written from the outside: it sees requests, replies, the log and the read-only queries.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GroupShard } from '../../../engine/group/group-shard.ts'
import type { GroupImage } from '../../../engine/group/group-image.ts'
import type { JoinGroupResponse } from '../../../engine/protocol/messages/join-group.ts'
import type { SyncGroupResponse } from '../../../engine/protocol/messages/sync-group.ts'
import { GROUP, GroupWorld, countingRandom, named, subscription } from './group-world.ts'

const SLOTS = 5
const slot = fc.integer({ min: 0, max: SLOTS - 1 })
const offers = [
  [{ name: 'range', metadata: subscription(['orders']) }],
  [
    { name: 'range', metadata: subscription(['orders']) },
    { name: 'sticky', metadata: subscription(['orders', 'refunds']) },
  ],
  [{ name: 'range', metadata: subscription(['refunds']) }],
  [{ name: 'alien', metadata: subscription([]) }],
]

const move = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      slot,
      fresh: fc.constantFrom(false, false, true),
      offer: fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
      apiVersion: fc.constantFrom(0, 3, 4, 5, 8, 9),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('sync' as const),
      slot,
      stale: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('heartbeat' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('commit' as const), slot }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('leave' as const), slot, byInstance: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, 500, 500, 500, 3_000, 7_000, 61_000),
    }),
  },
  // Well-behaved rounds, without which random clients seldom agree on anything.
  { weight: 3, arbitrary: fc.constant({ kind: 'all-rejoin' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'all-sync' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'delete-group' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'delete-offsets' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

interface Client {
  memberId: string
  generationId: number
  readonly groupInstanceId: string | null
}

/** What the outside remembers, to hold the group to its word. */
class Observer {
  readonly world = new GroupWorld({
    offsetsRetentionMs: 120_000,
    offsetsRetentionCheckIntervalMs: 30_000,
    initialRebalanceDelayMs: 400,
    maxSize: 4,
  })
  readonly clients: Client[] = Array.from({ length: SLOTS }, (_, index) => ({
    memberId: '',
    generationId: -1,
    groupInstanceId: index >= 3 ? `i${index}` : null,
  }))
  /** Requests that wait, and who sent them. */
  readonly #joins = new Map<number, Client>()
  readonly #syncs = new Map<number, { readonly generationId: number }>()
  /** The leader's call behind the assignments of each generation of this group's life. */
  readonly #calls = new Map<number, string>()
  #leaders = new Map<number, string>()
  #serial = 0
  #eventsSeen = 0
  readonly happened = new Map<string, number>()

  play(next: Move): void {
    const { world } = this
    switch (next.kind) {
      case 'join':
        this.#join(this.clients[next.slot]!, next)
        break
      case 'all-rejoin':
        for (const client of this.clients)
          if (client.memberId !== '') this.#join(client, { fresh: false, offer: 0, apiVersion: 9 })
        break
      case 'sync':
        this.#sync(this.clients[next.slot]!, next.stale)
        break
      case 'all-sync':
        for (const client of this.clients) if (client.memberId !== '') this.#sync(client, false)
        break
      case 'heartbeat':
        world.heartbeat(this.clients[next.slot]!)
        break
      case 'commit':
        world.commit({ ...this.clients[next.slot]!, offsets: { 0: BigInt(++this.#serial) } })
        break
      case 'leave': {
        const { memberId, groupInstanceId } = this.clients[next.slot]!
        world.leave([{ memberId: next.byInstance ? '' : memberId, groupInstanceId }])
        break
      }
      case 'wait':
        this.#wait(next.ms)
        break
      case 'delete-group':
        world.deleteGroups(GROUP)
        break
      case 'delete-offsets':
        world.deleteOffsets({ orders: [0], refunds: [0] })
        break
      case 'restart':
        this.#restart()
    }
    this.#observe()
  }

  #join(
    client: Client,
    how: { readonly fresh: boolean; readonly offer: number; readonly apiVersion: number },
  ): void {
    const { groupInstanceId } = client
    const token = this.world.join({
      memberId: how.fresh ? '' : client.memberId,
      groupInstanceId,
      protocols: offers[how.offer]!,
      apiVersion: groupInstanceId === null ? how.apiVersion : 9,
    })
    this.#joins.set(token, client)
  }

  #sync(client: Client, stale: boolean): void {
    const { world } = this
    const call = named(`call ${++this.#serial}`)
    const { memberId, groupInstanceId } = client
    const generationId = client.generationId - (stale ? 1 : 0)
    const token = world.sync({
      memberId,
      groupInstanceId,
      generationId,
      assignments: Object.fromEntries(world.memberIds.map(id => [id, call])),
      apiVersion: 4,
      protocolName: null,
      protocolType: null,
    })
    this.#syncs.set(token, { generationId })
  }

  /** Deadline by deadline, so that what is seen belongs together. */
  #wait(ms: number): void {
    const { world } = this
    const untilMs = world.nowMs + ms
    for (;;) {
      const nextMs = world.shard.nextDeadlineMs()
      if (nextMs === null || nextMs > untilMs) break
      world.wait(Math.max(0, nextMs - world.nowMs))
      this.#observe()
    }
    world.wait(untilMs - world.nowMs)
  }

  #restart(): void {
    this.expectReplayable()
    const before = this.world.shard.summary(GROUP)
    this.world.restart()
    const after = this.world.shard.summary(GROUP)
    if (before?.state === 'Stable' && after?.state === 'Stable')
      expect({ ...after, pendingMemberCount: 0 }).toEqual({
        ...before,
        stateSinceMs: after.stateSinceMs,
        pendingMemberCount: 0,
        subscribedTopics: after.subscribedTopics,
      })
    // Whoever waited lost its connection; a generation nobody was assigned in never was.
    this.#joins.clear()
    this.#syncs.clear()
    this.#leaders = new Map()
  }

  #observe(): void {
    const { world } = this
    for (const event of world.events.slice(this.#eventsSeen)) {
      if (event.type === 'group-deleted') {
        this.#calls.clear()
        this.#leaders.clear()
      }
      if (event.type === 'static-member-replaced') this.#leaders.clear()
      this.happened.set(event.type, (this.happened.get(event.type) ?? 0) + 1)
    }
    this.#eventsSeen = world.events.length
    for (const [token, client] of this.#joins) this.#joinAnswered(token, client)
    for (const [token, sent] of this.#syncs) this.#syncAnswered(token, sent.generationId)

    const pending = world.shard.pendingTokens()
    expect(new Set(pending).size).toBe(pending.length)
    expect(new Set(pending)).toEqual(new Set([...this.#joins.keys(), ...this.#syncs.keys()]))

    const summary = world.shard.summary(GROUP)
    if (summary === null) return
    const { members, state, leaderId } = summary
    expect(members.length === 0).toBe(leaderId === null)
    if (state === 'Empty') expect(members).toEqual([])
    if (state === 'Stable' || state === 'CompletingRebalance')
      expect(members.map(member => member.memberId)).toContain(leaderId)
    if (state === 'Stable') expect(members.every(member => member.awaits === null)).toBe(true)
    if (state === 'CompletingRebalance')
      expect(members.every(member => member.awaits !== 'join')).toBe(true)
    const instances = members.map(member => member.groupInstanceId).filter(id => id !== null)
    expect(new Set(instances).size).toBe(instances.length)
    // Members that do not rejoin count on top until the rebalance is over.
    const awaiting = members.filter(member => member.awaits === 'join')
    expect(awaiting.length).toBeLessThanOrEqual(world.config.maxSize)
  }

  #joinAnswered(token: number, client: Client): void {
    const reply = this.world.reply(token) as JoinGroupResponse | null
    if (reply === null) return
    this.#joins.delete(token)
    // MEMBER_ID_REQUIRED brings an id as well.
    if (reply.errorCode === 0 || reply.errorCode === 79) client.memberId = reply.memberId
    if (reply.errorCode !== 0) return
    client.generationId = reply.generationId
    const known = this.#leaders.get(reply.generationId)
    if (known === undefined) this.#leaders.set(reply.generationId, reply.leader)
    else expect(reply.leader, 'a generation has one leader').toBe(known)
    if (reply.members.length > 0) expect(reply.leader).toBe(reply.memberId)
  }

  #syncAnswered(token: number, generationId: number): void {
    const reply = this.world.reply(token) as SyncGroupResponse | null
    if (reply === null) return
    this.#syncs.delete(token)
    if (reply.errorCode !== 0) return
    const call = new TextDecoder().decode(reply.assignment)
    expect(generationId, 'only the running generation is assigned').toBe(this.world.generationId)
    const known = this.#calls.get(generationId)
    if (known === undefined) this.#calls.set(generationId, call)
    else expect(call, 'a generation is assigned by one call').toBe(known)
    expect(call).toMatch(/^call \d+$/)
  }

  /** Everybody goes silent: nothing may hang. */
  end(): void {
    this.#wait(900_000)
    this.#observe()
    expect(this.world.shard.pendingTokens()).toEqual([])
    expect(this.world.memberIds).toEqual([])
    expect(['Empty', 'absent']).toContain(this.world.state)
    this.expectReplayable()
  }

  expectReplayable(): void {
    const { world } = this
    const fresh = new GroupShard({ config: world.config, random: countingRandom() })
    for (const record of world.log) fresh.replay(record)
    expect(contentOf(fresh.image)).toEqual(contentOf(world.shard.image))
    expect([...world.shard.groupIds()].sort()).toEqual([...fresh.image.groups.keys()].sort())
  }
}

/** Bytes as arrays: one side has buffers, the other copies. */
function contentOf(image: GroupImage): unknown {
  const groups = [...image.groups].map(([groupId, metadata]) => [
    groupId,
    metadata && {
      ...metadata,
      members: metadata.members.map(member => ({
        ...member,
        subscription: [...member.subscription],
        assignment: [...member.assignment],
      })),
    },
  ])
  const offsets = [...image.groupsWithOffsets].map(groupId => [groupId, image.offsetsOf(groupId)])
  return { groups: new Map(groups as [string, unknown][]), offsets: new Map(offsets as []) }
}

describe('a group', () => {
  test('keeps its promises to any clients, and its log says what it knows', () => {
    const happened = new Map<string, number>()
    fc.assert(
      fc.property(fc.array(move, { maxLength: 150, size: 'max' }), moves => {
        const observer = new Observer()
        for (const next of moves) observer.play(next)
        observer.end()
        for (const [type, count] of observer.happened)
          happened.set(type, (happened.get(type) ?? 0) + count)
      }),
      { numRuns: 250 },
    )
    // Were the moves never to get anywhere, the rest would prove nothing.
    expect(happened.get('generation-formed')).toBeGreaterThan(250)
    expect(happened.get('assignment-received')).toBeGreaterThan(50)
    expect(happened.get('static-member-replaced')).toBeGreaterThan(50)
  })
})
