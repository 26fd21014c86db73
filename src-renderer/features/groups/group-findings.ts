/**
 * What is worth saying about a group in words: why it does not move, what it has lost, what will
 * happen to it. Pure; the page says the sentences.
 */
import type {
  GroupDescription,
  GroupMember,
  GroupPartition,
} from '../../../src-main/contract/model/group.ts'

export type Finding = { readonly tone: 'calm' | 'warn' | 'bad' } & (
  | { readonly type: 'dead' }
  /** At least so many, where the lag of some partitions is not known. */
  | { readonly type: 'empty-behind'; readonly lag: bigint; readonly atLeast: boolean }
  | { readonly type: 'empty' }
  /** Offsets are committed all the same. */
  | { readonly type: 'memberless' }
  /** At this time its offsets go, if nobody joins. */
  | { readonly type: 'expires'; readonly atMs: bigint }
  | { readonly type: 'fell-off'; readonly partitions: readonly GroupPartition[] }
  /** Held by a member that commits nothing while records come. */
  | { readonly type: 'stuck'; readonly partitions: readonly GroupPartition[] }
  | { readonly type: 'growing' }
  | { readonly type: 'unheld'; readonly partitions: readonly GroupPartition[] }
  | { readonly type: 'idle-members'; readonly count: number; readonly partitionCount: number }
  | { readonly type: 'gone-topics'; readonly topics: readonly string[] }
  | { readonly type: 'rebalancing'; readonly state: GroupDescription['state'] }
)

/** A partition that lags has had this long to be committed for. */
const STUCK_MS = 60_000n

export function findingsOf(group: GroupDescription): readonly Finding[] {
  const { state, partitions, members } = group
  const found: Finding[] = []
  if (state === 'Dead') found.push({ tone: 'bad', type: 'dead' })
  else if (state === 'Empty') found.push(...emptyFindings(group))
  else if (state !== 'Stable' && state !== 'Unknown')
    found.push({ tone: 'warn', type: 'rebalancing', state })
  const fellOff = partitions.filter(each => each.fellOffLog)
  if (fellOff.length > 0) found.push({ tone: 'bad', type: 'fell-off', partitions: fellOff })
  const gone = partitions.filter(({ problem }) => problem?.code === 'UNKNOWN_TOPIC_OR_PARTITION')
  if (gone.length > 0)
    found.push({
      tone: 'warn',
      type: 'gone-topics',
      topics: [...new Set(gone.map(({ topic }) => topic))],
    })
  if (state === 'Stable') {
    const stuck = partitions.filter(each => isStuck(each, group.observedAtMs))
    if (stuck.length > 0) found.push({ tone: 'bad', type: 'stuck', partitions: stuck })
    else if (group.drain.type === 'never' && group.drain.reason === 'growing')
      found.push({ tone: 'warn', type: 'growing' })
    found.push(...holderFindings(partitions, members))
  }
  return found
}

function emptyFindings(group: GroupDescription): readonly Finding[] {
  const { totalLag, stateSinceMs, offsetsRetentionMs } = group
  if ((group.trend?.consumedPerSecond ?? 0) > 0) return [{ tone: 'calm', type: 'memberless' }]
  const lag = totalLag ?? 0n
  const first: Finding =
    lag > 0n
      ? { tone: 'warn', type: 'empty-behind', lag, atLeast: group.unknownLagCount > 0 }
      : { tone: 'calm', type: 'empty' }
  // Counted from when the last member left, or for groups without members from the commit.
  const commitMs = group.commit.type === 'recorded' ? group.commit.atMs : null
  const sinceMs = stateSinceMs ?? commitMs
  if (sinceMs === null || offsetsRetentionMs === null) return [first]
  const atMs = sinceMs + BigInt(offsetsRetentionMs)
  return [first, { tone: 'calm', type: 'expires', atMs }]
}

function isStuck(partition: GroupPartition, nowMs: bigint): boolean {
  const { memberId, lag, trend, commit, heldSinceMs } = partition
  if (memberId === null || lag === null || lag === 0n || trend === null) return false
  if (trend.consumedPerSecond > 0) return false
  const sinceMs = commit.type === 'unknown' ? heldSinceMs : commit.atMs
  // Somebody who has just got it is not stuck yet.
  const latest = heldSinceMs !== null && sinceMs !== null && heldSinceMs > sinceMs
  const since = latest ? heldSinceMs : sinceMs
  return since !== null && nowMs - since > STUCK_MS
}

function holderFindings(
  partitions: readonly GroupPartition[],
  members: GroupDescription['members'],
): readonly Finding[] {
  const found: Finding[] = []
  // Where assignments are of a format of their own, who holds what cannot be known.
  if (members.some(({ assignment }) => assignment === null)) return found
  const subscribed = new Set(members.flatMap(({ subscribedTopics }) => subscribedTopics ?? []))
  const unheld = partitions.filter(
    ({ topic, memberId, sharedBy, problem }) =>
      memberId === null && sharedBy.length === 0 && problem === null && subscribed.has(topic),
  )
  if (unheld.length > 0) found.push({ tone: 'warn', type: 'unheld', partitions: unheld })
  const held = partitions.filter(
    ({ memberId, sharedBy }) => memberId !== null || sharedBy.length > 0,
  ).length
  const idle = members.filter(isIdle).length
  if (idle > 0)
    found.push({ tone: 'calm', type: 'idle-members', count: idle, partitionCount: held })
  return found
}

/** A member with standby tasks alone reads nothing, and is of use all the same. */
function isIdle({ assignment, tasks }: GroupMember): boolean {
  return (
    assignment?.length === 0 && (tasks?.standby.length ?? 0) + (tasks?.warmup.length ?? 0) === 0
  )
}
