/**
 * Rebalances as the local coordinators tell of them: events of a group's diary in, one entry for
 * each rebalance out. An entry is given when the leader has assigned, and again when a member asks
 * for its assignment later than that. Pure; it names no clock.
 */
import type { GroupJournalEvent, JournalEvent } from '../../engine/group/group-events.ts'
import type { MemberMove, Rebalance, RebalanceMember } from '../contract/model/group.ts'
import { decodeAssignment } from './consumer-protocol.ts'
import { gainsAndLosses, type Holdings, type Holding } from './holdings.ts'

/** More groups than this at once: those that changed longest ago begin without a past. */
const GROUPS_MAX = 20_000

export type RebalanceDraft = Omit<Rebalance, 'id'>

interface Identity {
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
}

interface Change {
  change: RebalanceMember['change']
  reason: string
  readonly atMs: number
}

interface Opened {
  readonly startedMs: number
  readonly reasons: string[]
  formed: JournalEvent<'generation-formed'> | null
}

interface GroupDiary {
  readonly identities: Map<string, Identity>
  readonly joinedMs: Map<string, number>
  /** What happened to members since the last entry. */
  changes: Map<string, Change>
  synced: Map<string, number>
  opened: Opened | null
  generationId: number
  /** Null until an assignment was seen. */
  holdings: Holdings | null
  readonly moves: Map<string, MemberMove>
  /** The last entry with an assignment, for members that sync after it was given. */
  last: RebalanceDraft | null
}

/** What is known of a member now. */
export interface MemberPast {
  readonly joinedMs: number | null
  readonly lastMove: MemberMove | null
}

export class RebalanceDiary {
  readonly #groups = new Map<string, GroupDiary>()

  /** The entry that this event completes or changes, if it does. */
  take(event: GroupJournalEvent): RebalanceDraft | null {
    if (event.type === 'group-deleted') {
      this.#groups.delete(event.groupId)
      return null
    }
    const group = this.#groupOf(event.groupId)
    switch (event.type) {
      case 'member-joined': {
        const { memberId, groupInstanceId, clientId, clientHost, reason, atMs } = event
        group.identities.set(memberId, { groupInstanceId, clientId, clientHost })
        group.joinedMs.set(memberId, atMs)
        group.changes.set(memberId, { change: 'joined', reason, atMs })
        return null
      }
      case 'member-rejoined': {
        const known = group.changes.get(event.memberId)
        const { reason, atMs } = event
        if (known === undefined)
          group.changes.set(event.memberId, { change: 'rejoined', reason, atMs })
        return null
      }
      case 'static-member-replaced':
        return replaced(group, event)
      case 'member-left':
      case 'member-removed': {
        const change = event.type === 'member-left' ? 'left' : 'removed'
        group.changes.set(event.memberId, { change, reason: event.reason, atMs: event.atMs })
        return null
      }
      case 'rebalance-started':
        return started(group, event)
      case 'member-synced':
        return synced(group, event)
      case 'generation-formed':
        group.opened ??= { startedMs: event.atMs, reasons: [], formed: null }
        group.opened.formed = event
        group.generationId = event.generationId
        group.synced = new Map()
        return null
      case 'assignment-received':
        return assigned(group, event)
      case 'group-emptied':
        return emptied(group, event)
      case 'offsets-expired':
        return null
    }
  }

  member(groupId: string, memberId: string): MemberPast {
    const group = this.#groups.get(groupId)
    return {
      joinedMs: group?.joinedMs.get(memberId) ?? null,
      lastMove: group?.moves.get(memberId) ?? null,
    }
  }

  holding(groupId: string, topic: string, partition: number): Holding | null {
    return this.#groups.get(groupId)?.holdings?.get(topic)?.get(partition) ?? null
  }

  generationId(groupId: string): number | null {
    const group = this.#groups.get(groupId)
    return group === undefined || group.generationId < 0 ? null : group.generationId
  }

  #groupOf(groupId: string): GroupDiary {
    const known = this.#groups.get(groupId)
    if (known !== undefined) {
      // The map's order is that of the last change.
      this.#groups.delete(groupId)
      this.#groups.set(groupId, known)
      return known
    }
    const oldest = this.#groups.keys().next()
    if (this.#groups.size >= GROUPS_MAX && !oldest.done) this.#groups.delete(oldest.value)
    const fresh: GroupDiary = {
      identities: new Map(),
      joinedMs: new Map(),
      changes: new Map(),
      synced: new Map(),
      opened: null,
      generationId: -1,
      holdings: null,
      moves: new Map(),
      last: null,
    }
    this.#groups.set(groupId, fresh)
    return fresh
  }
}

function started(
  group: GroupDiary,
  event: JournalEvent<'rebalance-started'>,
): RebalanceDraft | null {
  // A group that never had a generation held nothing before.
  if (event.generationId === 0) group.holdings ??= new Map()
  const before = group.opened
  if (before !== null && before.formed === null) {
    before.reasons.push(event.reason)
    return null
  }
  group.opened = { startedMs: event.atMs, reasons: [event.reason], formed: null }
  if (before === null) return null
  const cut = draft(group, before, event, { outcome: 'cut-off', holdings: group.holdings })
  group.synced = new Map()
  return cut
}

function synced(group: GroupDiary, event: JournalEvent<'member-synced'>): RebalanceDraft | null {
  const { memberId, generationId, atMs } = event
  if (group.opened !== null) {
    group.synced.set(memberId, atMs)
    return null
  }
  const { last } = group
  const place = last?.members.findIndex(each => each.memberId === memberId) ?? -1
  const found = last?.members[place]
  if (last?.generationId !== generationId || found === undefined || found.syncedMs !== null)
    return null
  const members = last.members.with(place, { ...found, syncedMs: BigInt(atMs) })
  group.last = { ...last, members }
  return group.last
}

function assigned(group: GroupDiary, event: JournalEvent<'assignment-received'>): RebalanceDraft {
  const opened = group.opened ?? { startedMs: event.atMs, reasons: [], formed: null }
  const holdings = holdingsAfter(group.holdings, event)
  group.generationId = event.generationId
  const finished = draft(group, opened, event, { outcome: 'stable', holdings })
  settle(group, finished, holdings)
  return finished
}

function emptied(group: GroupDiary, event: JournalEvent<'group-emptied'>): RebalanceDraft {
  const opened = group.opened ?? { startedMs: event.atMs, reasons: [], formed: null }
  const holdings: Holdings = new Map()
  group.generationId = event.generationId
  const finished = draft(group, opened, event, { outcome: 'empty', holdings })
  settle(group, finished, holdings)
  group.identities.clear()
  group.joinedMs.clear()
  group.moves.clear()
  return finished
}

/** What was kept for the next entry has been told. */
function settle(group: GroupDiary, finished: RebalanceDraft, holdings: Holdings): void {
  group.opened = null
  group.holdings = holdings
  group.last = finished
  for (const { memberId, change, gained, lost } of finished.members) {
    if (change === 'left' || change === 'removed') {
      group.identities.delete(memberId)
      group.joinedMs.delete(memberId)
      group.moves.delete(memberId)
    } else group.moves.set(memberId, { atMs: finished.finishedMs, gained, lost })
  }
  group.changes = new Map()
  group.synced = new Map()
}

/** A restarted static member goes on with what its old self held. */
function replaced(
  group: GroupDiary,
  event: JournalEvent<'static-member-replaced'>,
): RebalanceDraft | null {
  const { oldMemberId, newMemberId, groupInstanceId, atMs } = event
  const reason = `static member ${groupInstanceId} came back, in the place of ${oldMemberId}`
  const identity = group.identities.get(oldMemberId) ?? clientOf(oldMemberId)
  group.identities.delete(oldMemberId)
  group.identities.set(newMemberId, { ...identity, groupInstanceId })
  group.joinedMs.delete(oldMemberId)
  group.joinedMs.set(newMemberId, atMs)
  group.changes.delete(oldMemberId)
  for (const partitions of group.holdings?.values() ?? [])
    for (const [partition, holding] of partitions)
      if (holding.memberId === oldMemberId)
        (partitions as Map<number, Holding>).set(partition, { ...holding, memberId: newMemberId })
  if (group.opened !== null) {
    group.changes.set(newMemberId, { change: 'replaced', reason, atMs })
    return null
  }
  const move = group.moves.get(oldMemberId)
  group.moves.delete(oldMemberId)
  if (move !== undefined) group.moves.set(newMemberId, move)
  const members = (group.last?.members ?? [])
    .filter(({ change }) => change !== 'left' && change !== 'removed')
    .map(member =>
      member.memberId === oldMemberId
        ? { ...member, memberId: newMemberId, change: 'replaced' as const, reason }
        : { ...member, change: 'stayed' as const, reason: '' },
    )
    .map(member => ({ ...member, joinedMs: null, syncedMs: null, gained: [], lost: [] }))
  return {
    source: 'coordinator',
    outcome: 'stable',
    generationId: group.generationId < 0 ? null : group.generationId,
    leaderId: group.last?.leaderId === oldMemberId ? newMemberId : (group.last?.leaderId ?? null),
    protocol: group.last?.protocol ?? null,
    startedMs: BigInt(atMs),
    formedMs: null,
    finishedMs: BigInt(atMs),
    reasons: [reason],
    members,
    movedCount: 0,
    partitionCount: group.last?.partitionCount ?? 0,
  }
}

function holdingsAfter(
  before: Holdings | null,
  { assignments, atMs }: JournalEvent<'assignment-received'>,
): Holdings {
  const after = new Map<string, Map<number, Holding>>()
  for (const { memberId, assignment } of assignments)
    // Assignments of other protocols hold no partitions that anyone could name.
    for (const { topic, partitions } of decodeAssignment(assignment) ?? [])
      for (const partition of partitions) {
        const held = before?.get(topic)?.get(partition)
        const known = after.get(topic) ?? new Map<number, Holding>()
        const sinceMs = held?.memberId === memberId ? held.sinceMs : before === null ? null : atMs
        after.set(topic, known.set(partition, { memberId, sinceMs }))
      }
  return after
}

function draft(
  group: GroupDiary,
  { startedMs, reasons, formed }: Opened,
  { atMs }: { readonly atMs: number },
  result: { readonly outcome: Rebalance['outcome']; readonly holdings: Holdings | null },
): RebalanceDraft {
  const { outcome, holdings } = result
  const moved = gainsAndLosses(group.holdings, holdings ?? new Map())
  const gone = [...group.changes].filter(([, each]) => goes(each.change)).map(([id]) => id)
  const memberIds = [...new Set([...(formed?.memberIds ?? []), ...gone])]
  const members = memberIds.map((memberId): RebalanceMember => {
    const change = group.changes.get(memberId)
    const identity = group.identities.get(memberId) ?? clientOf(memberId)
    const syncedMs = group.synced.get(memberId)
    const kind = change?.change ?? 'stayed'
    return {
      memberId,
      ...identity,
      change: kind,
      reason: change?.reason ?? '',
      joinedMs: change === undefined || goes(kind) ? null : BigInt(change.atMs),
      syncedMs: syncedMs === undefined ? null : BigInt(syncedMs),
      heldCount: moved.heldCount(memberId),
      gained: moved.gained(memberId),
      lost: moved.lost(memberId),
    }
  })
  return {
    source: 'coordinator',
    outcome,
    generationId: group.generationId < 0 ? null : group.generationId,
    leaderId: formed?.leaderId ?? null,
    protocol: formed?.protocolName ?? null,
    startedMs: BigInt(startedMs),
    formedMs: formed === null ? null : BigInt(formed.atMs),
    finishedMs: BigInt(atMs),
    reasons,
    members,
    movedCount: outcome === 'cut-off' ? 0 : moved.movedCount,
    partitionCount: moved.partitionCount,
  }
}

function goes(change: Change['change']): boolean {
  return change === 'left' || change === 'removed'
}

/** Coordinators make member ids of the client's id, or the instance's, and a UUID. */
function clientOf(memberId: string): Identity {
  const clientId = /^(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(memberId)?.[1]
  return { groupInstanceId: null, clientId: clientId ?? memberId, clientHost: '' }
}
