/**
 * The coordinator of the groups in one partition of `__consumer_offsets`.
 *
 * Requests and the passing of time go in; records, replies and a diary come out. Offsets and the
 * groups' metadata are an image of the log, changed by its records alone; memberships in the making
 * live here only, and end with the shard, as in Apache Kafka.
 *
 * What the caller owes: send an outcome's replies once its records and those of all outcomes before
 * are committed; tick when `nextDeadlineMs` is reached (a group's first join asks for it at once,
 * after the requests at hand); when the log took nothing of an outcome, say so at once
 * (`notWritten`); and when it took a part, or nobody knows, drop the shard, answer what is still
 * waiting (`pendingTokens`), and load a new one from the log.
 */
import type { Random } from '../ports/random.ts'
import type { ErrorName } from '../protocol/errors.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import { assert, assertNever } from '../support/assert.ts'
import type { ClassicGroup } from './classic-group.ts'
import { deadlinePassed } from './deadlines.ts'
import { deleteGroups } from './delete-groups.ts'
import { describeGroups, listGroups } from './describe.ts'
import type { GroupConfig } from './group-config.ts'
import type { CoordinatorRecord, GroupEvent, GroupOutcome } from './group-events.ts'
import { GroupImage } from './group-image.ts'
import { groupFrom } from './group-persistence.ts'
import { changeOf } from './group-records.ts'
import {
  offsetSummaries,
  summaryOf,
  type GroupSummary,
  type OffsetSummary,
} from './group-summary.ts'
import { GroupTimers } from './group-timers.ts'
import { GroupTurn } from './group-turn.ts'
import { heartbeat } from './heartbeat.ts'
import { joinGroup } from './join.ts'
import { leaveGroup } from './leave.ts'
import { extendSession } from './membership.ts'
import { commitOffsets } from './offset-commit.ts'
import { deleteOffsets } from './offset-delete.ts'
import { awaitExpiration } from './offset-expiry.ts'
import { fetchOffsets } from './offset-fetch.ts'
import { prepareRebalance } from './rebalance.ts'
import { syncGroup } from './sync.ts'
import { takeBack } from './take-back.ts'

/** A topic that is no more; offsets committed for another topic of its name stay. */
export interface DeletedTopic {
  readonly name: string
  readonly topicId: string
}

export class GroupShard {
  readonly #config: GroupConfig
  readonly #random: Random
  readonly #timestampOf: (nowMs: number) => number
  readonly #image = new GroupImage()
  readonly #groups = new Map<string, ClassicGroup>()
  readonly #timers = new GroupTimers()
  #loaded = false
  #lastTurn: GroupTurn | null = null

  constructor(options: {
    readonly config: GroupConfig
    readonly random: Random
    /** What the wall clock says at a moment of `nowMs`; the same where not given. */
    readonly timestampOf?: (nowMs: number) => number
  }) {
    this.#config = options.config
    this.#random = options.random
    this.#timestampOf = options.timestampOf ?? (nowMs => nowMs)
  }

  /**
   * Takes one record of the log, oldest first, before `loaded`. Records of other kinds of groups
   * are passed over.
   *
   * @throws InvalidFrameError for bytes that are no record of this topic.
   */
  replay(record: CoordinatorRecord): void {
    assert(!this.#loaded, 'a shard replays its log before it serves')
    const change = changeOf(record)
    if (change !== null) this.#image.apply(change)
  }

  /**
   * The log is replayed: members have a whole session to be heard of. Expired offsets go with the
   * first check, an interval from now, so that consumers of a cluster that was down are in time.
   */
  loaded(nowMs: number): GroupOutcome {
    assert(!this.#loaded, 'a shard is loaded once')
    this.#loaded = true
    const turn = this.#turn(nowMs)
    for (const [groupId, metadata] of this.#image.groups) {
      const group = groupFrom(groupId, metadata, turn.timestampMs)
      this.#groups.set(groupId, group)
      for (const member of group.members) extendSession(turn, group, member)
      // Whoever rejoins first stays.
      if (group.memberCount > this.#config.maxSize)
        prepareRebalance(turn, group, `${group.memberCount} members, over group.max.size`)
    }
    awaitExpiration(turn)
    return turn.outcome()
  }

  /** A request for groups of this shard. Its reply comes in this outcome or a later one. */
  handle(event: GroupEvent, nowMs: number): GroupOutcome {
    assert(this.#loaded, 'a shard serves once it is loaded')
    const turn = this.#turn(nowMs)
    switch (event.type) {
      case 'JoinGroup':
        joinGroup(turn, event, event.request)
        break
      case 'SyncGroup':
        syncGroup(turn, event, event.request)
        break
      case 'Heartbeat':
        heartbeat(turn, event, event.request)
        break
      case 'LeaveGroup':
        leaveGroup(turn, event, event.request)
        break
      case 'DescribeGroups':
        describeGroups(turn, event, event.request)
        break
      case 'ListGroups':
        listGroups(turn, event, event.request)
        break
      case 'DeleteGroups':
        deleteGroups(turn, event, event.request)
        break
      case 'OffsetCommit':
        commitOffsets(turn, event, event.request)
        break
      case 'OffsetFetch':
        fetchOffsets(turn, event, event.request)
        break
      case 'OffsetDelete':
        deleteOffsets(turn, event, event.request)
        break
      default:
        assertNever(event)
    }
    return turn.outcome()
  }

  /** Lets everything happen whose time has come. What that sets up anew waits for the next tick. */
  tick(nowMs: number): GroupOutcome {
    const turn = this.#turn(nowMs)
    const mark = this.#timers.mark()
    for (
      let due = this.#timers.take(nowMs, mark);
      due !== null;
      due = this.#timers.take(nowMs, mark)
    )
      deadlinePassed(turn, due)
    return turn.outcome()
  }

  /**
   * Nobody could be answered for a while, since the log took nothing for certain: no member is to
   * blame for its silence, and each has a whole session to be heard of again.
   */
  sessionsAnew(nowMs: number): void {
    const turn = this.#turn(nowMs)
    for (const group of this.#groups.values())
      for (const member of group.members) extendSession(turn, group, member)
  }

  /** When a tick can next change anything. */
  nextDeadlineMs(): number | null {
    return this.#timers.nextDeadlineMs()
  }

  /** Forgets the offsets of topics that were deleted. */
  topicsDeleted(topics: readonly DeletedTopic[], nowMs: number): GroupOutcome {
    const turn = this.#turn(nowMs)
    for (const groupId of this.#image.groupsWithOffsets)
      for (const { name, topicId } of topics)
        for (const [partition, committed] of this.#image.offsetsOf(groupId).get(name) ?? [])
          if (isOf(committed.topicId, topicId))
            turn.write({ type: 'offset-removed', groupId, topic: name, partition })
    return turn.outcome()
  }

  /**
   * The log took none of the last outcome's records: its replies are not to be sent, and what it
   * changed is taken back. Says who else is refused.
   */
  notWritten(error: ErrorName, nowMs: number): GroupOutcome {
    const lost = this.#lastTurn
    assert(lost !== null, 'an outcome comes before its append')
    const turn = this.#turn(nowMs)
    takeBack(turn, lost, error)
    const outcome = turn.outcome()
    assert(outcome.records.length === 0, 'what is taken back needs no record')
    return outcome
  }

  /** Requests whose replies are still to come, for when the shard goes before they do. */
  pendingTokens(): readonly number[] {
    const tokens: number[] = []
    for (const group of this.#groups.values())
      for (const { joinToken, syncToken } of group.members) {
        if (joinToken !== null) tokens.push(joinToken)
        if (syncToken !== null) tokens.push(syncToken)
      }
    return tokens
  }

  groupIds(): readonly string[] {
    return [...this.#groups.keys()]
  }

  summary(groupId: string): GroupSummary | null {
    const group = this.#groups.get(groupId)
    return group === undefined ? null : summaryOf(group)
  }

  offsets(groupId: string): readonly OffsetSummary[] {
    return offsetSummaries(this.#image, groupId)
  }

  /** What a new shard would know from the log alone. */
  get image(): GroupImage {
    return this.#image
  }

  #turn(nowMs: number): GroupTurn {
    const turn = new GroupTurn({
      nowMs,
      timestampMs: this.#timestampOf(nowMs),
      config: this.#config,
      random: this.#random,
      groups: this.#groups,
      image: this.#image,
      timers: this.#timers,
    })
    this.#lastTurn = turn
    return turn
  }
}

/** A commit by name alone may be of the topic that was there then. */
function isOf(committedTopicId: string, topicId: string): boolean {
  return committedTopicId === ZERO_UUID || committedTopicId === topicId
}
