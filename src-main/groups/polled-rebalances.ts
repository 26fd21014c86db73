/**
 * Rebalances of clusters whose coordinators do not tell of them: what differs between two looks at
 * a group's members and their assignments. What happened and ended in between is not seen. Pure.
 */
import type { RebalanceMember } from '../contract/model/group.ts'
import { gainsAndLosses, type Holding, type Holdings } from './holdings.ts'
import type { BareGroup, BareMember } from './bare-group.ts'
import type { RebalanceDraft } from './rebalance-diary.ts'

export interface Look {
  readonly atMs: number
  readonly group: BareGroup
}

/** Null where nothing differs, or where the group is still on its way. */
export function polledRebalance(before: Look, after: Look): RebalanceDraft | null {
  if (!settled(after.group)) return null
  const was = new Map(before.group.members.map(member => [member.memberId, member]))
  const is = new Map(after.group.members.map(member => [member.memberId, member]))
  const moves = gainsAndLosses(holdingsOf(before.group), holdingsOf(after.group))
  const joined = [...is.keys()].filter(id => !was.has(id))
  const left = [...was.keys()].filter(id => !is.has(id))
  if (joined.length === 0 && left.length === 0 && moves.movedCount === 0) return null
  const entry = (member: BareMember, change: RebalanceMember['change']): RebalanceMember => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    change,
    reason: '',
    joinedMs: null,
    syncedMs: null,
    heldCount: moves.heldCount(member.memberId),
    gained: moves.gained(member.memberId),
    lost: moves.lost(member.memberId),
  })
  return {
    source: 'polling',
    outcome: is.size === 0 ? 'empty' : 'stable',
    generationId: after.group.epoch,
    leaderId: null,
    protocol: after.group.protocol === '' ? null : after.group.protocol,
    startedMs: BigInt(before.atMs),
    formedMs: null,
    finishedMs: BigInt(after.atMs),
    reasons: [],
    members: [
      ...[...is.values()].map(each => entry(each, was.has(each.memberId) ? 'stayed' : 'joined')),
      ...left.map(id => entry(was.get(id)!, 'left')),
    ],
    movedCount: moves.movedCount,
    partitionCount: moves.partitionCount,
  }
}

/** In between, assignments are empty, and would look as if everybody had lost everything. */
export function settled({ state }: BareGroup): boolean {
  return state === 'Stable' || state === 'Empty' || state === 'Dead'
}

function holdingsOf({ members }: BareGroup): Holdings {
  const holdings = new Map<string, Map<number, Holding>>()
  for (const { memberId, assignment } of members)
    for (const { topic, partitions } of assignment ?? []) {
      const known = holdings.get(topic) ?? new Map<number, Holding>()
      for (const partition of partitions) known.set(partition, { memberId, sinceMs: null })
      holdings.set(topic, known)
    }
  return holdings
}
