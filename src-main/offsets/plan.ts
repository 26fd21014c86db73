/**
 * What a strategy makes of one partition's committed offset, as `kafka-consumer-groups.sh
 * --reset-offsets` has it (KIP-122): offsets outside of the log are brought into it, a timestamp
 * past the last record means the end. Pure: everything that had to be asked is in the facts.
 *
 * Unlike the tool, a partition for which a strategy has no answer (a shift without a commit) is left
 * alone with the reason, and the others go on.
 */
import { assertNever } from '../../engine/support/assert.ts'
import type { Problem } from '../contract/define.ts'
import type { MovedRecords, OffsetNote, OffsetPlanRow } from '../contract/model/offset.ts'

export interface PlaceFacts {
  readonly topic: string
  readonly partition: number
  /** Both null where the partition could not be asked, as `problem` says. */
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  readonly problem: Problem | null
  readonly committed: StoredOffset | null
  /** Not every offset of this topic need hold a record. */
  readonly sparse: boolean
  /** A member subscribes to the topic. */
  readonly subscribed: boolean
}

export interface StoredOffset {
  readonly offset: bigint
  readonly metadata: string
  readonly leaderEpoch: number | null
}

/** What a strategy says of one partition, once everything it needs has been asked. */
export type Wish =
  | { readonly type: 'earliest' }
  | { readonly type: 'latest' }
  | { readonly type: 'current' }
  | { readonly type: 'offset'; readonly offset: bigint }
  /** -1 where no record is that late. */
  | { readonly type: 'found'; readonly offset: bigint }
  | { readonly type: 'shift'; readonly by: bigint }
  /** Another group's, a file's: null where it has none. */
  | { readonly type: 'copied'; readonly offset: bigint | null }
  /** Exactly as it was, even outside of the log; null for nothing committed. */
  | { readonly type: 'restored'; readonly stored: StoredOffset | null }
  | { readonly type: 'delete' }
  | { readonly type: 'edited'; readonly offset: bigint }
  | { readonly type: 'kept' }
  /** Nobody asked for anything. */
  | { readonly type: 'as-is' }
  | { readonly type: 'not-in-source' }
  /** It could not be asked. */
  | { readonly type: 'problem'; readonly problem: Problem }

interface Target {
  readonly asked: bigint | null
  readonly action: OffsetPlanRow['action']
  readonly after: StoredOffset | null
  readonly notes: readonly OffsetNote[]
  readonly problem: Problem | null
}

/** Names a partition in maps and messages: a topic's name has no place for a second meaning. */
export function keyOf({ topic, partition }: Pick<PlaceFacts, 'topic' | 'partition'>): string {
  return `${topic}-${partition}`
}

export function planRow(facts: PlaceFacts, wish: Wish): OffsetPlanRow {
  const { committed, logStartOffset, highWatermark } = facts
  const target = settle(facts, wish, facts.problem === null ? wishIn(facts, wish) : broken(facts))
  return {
    topic: facts.topic,
    partition: facts.partition,
    logStartOffset,
    highWatermark,
    now: committed?.offset ?? null,
    asked: target.asked,
    action: target.action,
    after: target.after?.offset ?? null,
    metadata: target.after?.metadata ?? '',
    leaderEpoch: target.after?.leaderEpoch ?? null,
    moved: target.action === 'commit' ? movedRecords(facts, target.after!.offset) : null,
    notes: [...notesOnNow(facts), ...target.notes],
    problem: target.problem,
  }
}

function wishIn(facts: PlaceFacts, wish: Wish): Target {
  const { committed } = facts
  const start = facts.logStartOffset!
  const end = facts.highWatermark!
  switch (wish.type) {
    case 'earliest':
      return to(start)
    case 'latest':
      return to(end)
    case 'current':
      return committed === null ? to(end) : untouched(facts)
    case 'offset':
    case 'edited':
      return clamped(facts, wish.offset, wish.type === 'edited' ? ['edited'] : [])
    case 'found':
      return wish.offset < 0n
        ? { ...to(end), asked: null, notes: ['no-later-record'] }
        : to(wish.offset)
    case 'shift':
      return committed === null
        ? { ...untouched(facts), problem: nothingToShift(facts) }
        : clamped(facts, committed.offset + wish.by, [])
    case 'copied':
      return wish.offset === null ? notInSource(facts) : clamped(facts, wish.offset, [])
    case 'restored':
      return wish.stored === null ? removal(facts) : restored(wish.stored, start, end)
    case 'delete':
      return removal(facts)
    case 'as-is':
      return untouched(facts)
    case 'kept':
      return { ...untouched(facts), notes: ['kept'] }
    case 'not-in-source':
      return notInSource(facts)
    case 'problem':
      return { ...untouched(facts), problem: wish.problem }
    default:
      return assertNever(wish)
  }
}

function to(offset: bigint): Target {
  const after = { offset, metadata: '', leaderEpoch: null }
  return { asked: offset, action: 'commit', after, notes: [], problem: null }
}

function untouched({ committed }: PlaceFacts): Target {
  return { asked: null, action: 'none', after: committed, notes: [], problem: null }
}

function notInSource(facts: PlaceFacts): Target {
  return { ...untouched(facts), notes: ['not-in-source'] }
}

function broken(facts: PlaceFacts): Target {
  return { ...untouched(facts), problem: facts.problem }
}

function clamped(facts: PlaceFacts, asked: bigint, notes: readonly OffsetNote[]): Target {
  const start = facts.logStartOffset!
  const end = facts.highWatermark!
  if (asked > end) return { ...to(end), asked, notes: [...notes, 'lowered-to-end'] }
  if (asked < start) return { ...to(start), asked, notes: [...notes, 'raised-to-start'] }
  return { ...to(asked), notes }
}

function restored(stored: StoredOffset, start: bigint, end: bigint): Target {
  const notes: OffsetNote[] = []
  if (stored.offset < start) notes.push('restores-fallen')
  if (stored.offset > end) notes.push('restores-beyond')
  return { asked: stored.offset, action: 'commit', after: stored, notes, problem: null }
}

function removal(facts: PlaceFacts): Target {
  if (facts.committed === null) return untouched(facts)
  if (facts.subscribed) return { ...untouched(facts), notes: ['subscribed'] }
  return { asked: null, action: 'delete', after: null, notes: [], problem: null }
}

/**
 * Whatever is committed already is not committed again. The text that a client stored beside its
 * offset counts only where it is restored: no one is asked to lose it for nothing.
 */
function settle({ committed }: PlaceFacts, wish: Wish, target: Target): Target {
  const { action, after } = target
  if (action !== 'commit' || committed === null || after === null) return target
  const sameText = after.metadata === committed.metadata
  if (after.offset === committed.offset && (sameText || wish.type !== 'restored'))
    return { ...target, after: committed, action: 'none', notes: [...target.notes, 'same'] }
  return sameText ? target : { ...target, notes: [...target.notes, 'metadata-changes'] }
}

function notesOnNow({ committed, logStartOffset, highWatermark }: PlaceFacts): OffsetNote[] {
  if (committed === null) return ['no-commit']
  if (logStartOffset !== null && committed.offset < logStartOffset) return ['fell-off']
  if (highWatermark !== null && committed.offset > highWatermark) return ['beyond-end']
  return []
}

/** Only what is in the log can be read again, and only that can be skipped. */
function movedRecords(facts: PlaceFacts, after: bigint): MovedRecords | null {
  const { committed, logStartOffset, highWatermark, sparse } = facts
  if (committed === null || logStartOffset === null || highWatermark === null) return null
  const inLog = (offset: bigint) =>
    offset < logStartOffset ? logStartOffset : offset > highWatermark ? highWatermark : offset
  const distance = inLog(after) - inLog(committed.offset)
  if (distance === 0n) return null
  const count = distance < 0n ? -distance : distance
  return { direction: distance < 0n ? 'again' : 'skipped', count, estimate: sparse }
}

function nothingToShift({ topic, partition }: PlaceFacts): Problem {
  return {
    code: 'NO_COMMITTED_OFFSET',
    message: `${topic}-${partition} has no committed offset to shift`,
    remedy: 'Choose another strategy, or set this partition by hand.',
  }
}
