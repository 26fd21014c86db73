/**
 * The record that takes a partition from its state to a wanted one: a move that is complete is
 * finished, eligible leader replicas follow the ISR (KIP-966), a leader is elected, and the leader
 * is set, which counts its epoch up, only where somebody has to notice (KAFKA-15021).
 *
 * Pure. Null comes out where the partition is as it should be already.
 */
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { assert } from '../support/assert.ts'
import { elect, type Elected, type Election } from './election.ts'
import { NO_LEADER, NO_LEADER_CHANGE, type PartitionImage } from './image-entries.ts'
import { completed, without } from './reassignment.ts'

export const recoveryStates = { RECOVERED: 0, RECOVERING: 1 } as const
/** In a PartitionChangeRecord: the leader recovery state stays. */
const NO_RECOVERY_CHANGE = -1

export interface PartitionTarget {
  readonly isr?: readonly number[]
  readonly replicas?: readonly number[]
  readonly addingReplicas?: readonly number[]
  readonly removingReplicas?: readonly number[]
  readonly leaderRecoveryState?: number
  /** Brokers that came back without a clean stop: they may lack records that they had. */
  readonly uncleanShutdowns?: readonly number[]
  /** Where a broker keeps its replica, by broker id, where that changes. */
  readonly directories?: ReadonlyMap<number, string>
}

/** What holds for a partition's topic, and for the cluster. */
export interface PartitionRules {
  readonly election: Election
  readonly acceptable: (brokerId: number) => boolean
  /** `min.insync.replicas`, and never more than there are replicas. */
  readonly minIsr: number
  /** Whether eligible.leader.replicas.version is 1. */
  readonly elrEnabled: boolean
  /** The log folder for a broker's new replica. */
  readonly directoryOf: (brokerId: number) => string
}

export type PartitionChange = Extract<MetadataRecord, { readonly type: 'PartitionChangeRecord' }>

const nobody: readonly number[] = []

/** The fields of a PartitionChangeRecord that changes nothing. */
export const noPartitionChange = {
  isr: null,
  leader: NO_LEADER_CHANGE,
  replicas: null,
  addingReplicas: null,
  removingReplicas: null,
  leaderRecoveryState: NO_RECOVERY_CHANGE,
  directories: null,
  eligibleLeaderReplicas: null,
  lastKnownElr: null,
} as const

interface Place {
  readonly topicId: string
  readonly partitionIndex: number
}

/** The lists as they will be, unless an election takes them further. */
interface Wanted {
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
  readonly elr: readonly number[]
}

export function partitionChange(
  { topicId, partitionIndex }: Place,
  before: PartitionImage,
  target: PartitionTarget,
  rules: PartitionRules,
): PartitionChange | null {
  const wanted = wantedLists(before, target, rules)
  const elected = elect({
    ...rules,
    leader: before.leader,
    replicas: wanted.replicas,
    isr: wanted.isr,
    eligibleLeaderReplicas: wanted.elr,
    lastKnownLeader: lastKnownLeader(before, wanted.replicas),
  })
  const { isr, elr } = afterElection(before, wanted, elected, rules)
  const leader = leaderToSet(before, wanted, elected)
  const lists = {
    isr: unlessSame(isr, before.isr),
    eligibleLeaderReplicas: unlessSame(elr, before.eligibleLeaderReplicas),
    lastKnownElr: unlessSame(
      lastKnownAfter(before, { leader, isr, elr }, rules),
      before.lastKnownElr,
    ),
    replicas: unlessSame(wanted.replicas, before.replicas),
    addingReplicas: unlessSame(wanted.addingReplicas, before.addingReplicas),
    removingReplicas: unlessSame(wanted.removingReplicas, before.removingReplicas),
    directories: unlessSame(directories(before, target, wanted, rules), before.directories),
  }
  const leaderRecoveryState = recoveryState(before, target, elected)
  const stays =
    leader === NO_LEADER_CHANGE &&
    leaderRecoveryState === NO_RECOVERY_CHANGE &&
    Object.values(lists).every(list => list === null)
  if (stays) return null
  const value = { topicId, partitionId: partitionIndex, leader, leaderRecoveryState, ...lists }
  return { type: 'PartitionChangeRecord', value }
}

function wantedLists(
  before: PartitionImage,
  target: PartitionTarget,
  rules: PartitionRules,
): Wanted {
  const lists = {
    replicas: target.replicas ?? before.replicas,
    isr: target.isr ?? before.isr,
    addingReplicas: target.addingReplicas ?? before.addingReplicas,
    removingReplicas: target.removingReplicas ?? before.removingReplicas,
  }
  assert(lists.replicas.length > 0, 'a partition has a replica')
  const moved = completed(lists) ?? lists
  return { ...moved, elr: eligible(before, moved, target, rules) }
}

/**
 * Below `min.insync.replicas` nothing is committed any more, so whoever leaves the ISR then has
 * all that ever was, unless it lost something in an unclean stop.
 */
function eligible(
  before: PartitionImage,
  { isr, replicas }: Pick<Wanted, 'isr' | 'replicas'>,
  { uncleanShutdowns = [] }: PartitionTarget,
  { elrEnabled, minIsr }: PartitionRules,
): readonly number[] {
  if (!elrEnabled) return before.eligibleLeaderReplicas
  if (isr.length >= Math.min(minIsr, replicas.length)) return nobody
  const candidates = new Set([...before.eligibleLeaderReplicas, ...before.isr])
  const kept = without(without([...candidates], isr), uncleanShutdowns)
  // A move may have taken a candidate's replica away.
  return kept.filter(id => replicas.includes(id)).sort((one, two) => one - two)
}

function lastKnownLeader(
  { lastKnownElr }: PartitionImage,
  replicas: readonly number[],
): number | null {
  const [only] = lastKnownElr
  return lastKnownElr.length === 1 && replicas.includes(only!) ? only! : null
}

function afterElection(
  before: PartitionImage,
  wanted: Wanted,
  { leader, unclean }: Elected,
  { elrEnabled, minIsr }: PartitionRules,
): { readonly isr: readonly number[]; readonly elr: readonly number[] } {
  const isNew = leader !== before.leader && leader !== NO_LEADER
  if (isNew && unclean) return { isr: [leader], elr: [] }
  const fromElr = isNew && wanted.elr.includes(leader)
  const isr = fromElr ? [leader] : wanted.isr
  // A leader that is enough of an ISR commits alone: the others fall behind it from now on.
  if (elrEnabled && fromElr)
    return { isr, elr: isr.length >= minIsr ? nobody : without(wanted.elr, isr) }
  if (elrEnabled) return { isr, elr: wanted.elr }
  // Without eligible leader replicas the last of an ISR stay in it: they alone have everything.
  return { isr: isr.length > 0 ? isr : before.isr, elr: [] }
}

/**
 * Setting the leader counts the leader epoch up, even to the same one: whoever still fetches
 * from or as a replica that is gone has to find out.
 */
function leaderToSet(before: PartitionImage, wanted: Wanted, { leader }: Elected): number {
  if (leader !== before.leader) return leader
  const replicaGone = before.replicas.some(id => !wanted.replicas.includes(id))
  return replicaGone ? before.leader : NO_LEADER_CHANGE
}

/**
 * While a partition has no leader, the one that led it last is remembered. One that lost it while
 * eligible leader replicas were off remembers nobody, but has kept the last of its ISR.
 */
function lastKnownAfter(
  before: PartitionImage,
  after: {
    readonly leader: number
    readonly isr: readonly number[]
    readonly elr: readonly number[]
  },
  { elrEnabled }: PartitionRules,
): readonly number[] {
  const known = before.lastKnownElr
  if (after.leader >= 0) return nobody
  if (!elrEnabled || known.length > 0) return known
  if (before.leader !== NO_LEADER) return after.leader === NO_LEADER ? [before.leader] : known
  return after.isr.length + after.elr.length === 0 ? before.isr.slice(0, 1) : known
}

function recoveryState(
  before: PartitionImage,
  { leaderRecoveryState = before.leaderRecoveryState }: PartitionTarget,
  { leader, unclean }: Elected,
): number {
  const isNewUnclean = unclean && leader !== before.leader
  const after = isNewUnclean ? recoveryStates.RECOVERING : leaderRecoveryState
  return after === before.leaderRecoveryState ? NO_RECOVERY_CHANGE : after
}

function directories(
  before: PartitionImage,
  target: PartitionTarget,
  wanted: Wanted,
  { directoryOf }: PartitionRules,
): readonly string[] {
  if (target.directories === undefined && wanted.replicas === before.replicas)
    return before.directories
  return wanted.replicas.map(id => {
    const held = before.directories[before.replicas.indexOf(id)]
    return target.directories?.get(id) ?? held ?? directoryOf(id)
  })
}

function unlessSame<T>(after: readonly T[], before: readonly T[]): readonly T[] | null {
  if (after === before) return null
  const same = after.length === before.length && after.every((each, at) => each === before[at])
  return same ? null : after
}
