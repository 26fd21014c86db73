/**
 * Everything about the groups of one cluster: answers for pages, and the looks in the background
 * that history, trends and rates come from. Runs in the groups' own thread.
 */
import type { Client } from '../../engine/client/client.ts'
import type { GroupJournalEvent } from '../../engine/group/group-events.ts'
import type {
  GroupDescription,
  GroupFigures,
  GroupSummary,
  HistoryKeeping,
  LagHistory,
  Rebalance,
} from '../contract/model/group.ts'
import type { Wait } from '../lookups/watch.ts'
import { CommitLog } from './commit-log.ts'
import { describeFigures, describeGroup, type DescribeFullyOptions } from './group-description.ts'
import { GroupBook } from './group-book.ts'
import { intervalAfter, lookAtGroups, type Round, type RoundOptions } from './group-rounds.ts'
import type { HistoryStore } from './history/history-store.ts'
import { LagRecorder } from './history/lag-recorder.ts'
import { columnsOfRange } from './history/points.ts'
import { LagTracker } from './lag-tracker.ts'
import type { BareGroup } from './bare-group.ts'
import { describeAt, inParts } from './load-groups.ts'
import { NextRecords } from './next-records.ts'
import { OffsetsRetention } from './offsets-retention.ts'
import { polledRebalance, settled, type Look } from './polled-rebalances.ts'
import { RebalanceDiary, type RebalanceDraft } from './rebalance-diary.ts'

const RETRY_MS = 5_000
const POLL_GROUPS_PER_REQUEST = 100
/** Where a cluster has no more groups than these, all of them are looked at for one topic. */
const GROUPS_DESCRIBED_MAX = 200
/** Groups whose figures are read together: more would hold up the thread. */
const FIGURES_AT_ONCE = 100

export interface GroupKeeperOptions {
  readonly cluster: string
  readonly client: Client
  /** Whether its coordinators tell of rebalances: those of the local cluster do. */
  readonly hasJournal: boolean
  readonly store: HistoryStore
  readonly nowMs: () => number
  readonly wait: Wait
  /** How long this thread has been at work since it began. */
  readonly busyMs: () => number
  /** Told after each look, how far groups have come since this began, by topic. */
  readonly onConsumed: (consumed: ReadonlyMap<string, number>, atMs: number) => void
}

export class GroupKeeper {
  readonly #options: GroupKeeperOptions
  readonly #book: GroupBook
  readonly #tracker = new LagTracker()
  readonly #diary = new RebalanceDiary()
  readonly #recorder: LagRecorder
  readonly #describing: DescribeFullyOptions & RoundOptions
  readonly #versions = new Map<string, number>()
  readonly #looks = new Map<string, Look>()
  readonly #running = new AbortController()
  readonly #firstRound = Promise.withResolvers<void>()
  #round: Round | null = null
  #polledMs: number | null = null

  constructor(options: GroupKeeperOptions) {
    const { client, store, cluster, nowMs, busyMs } = options
    this.#options = options
    this.#book = new GroupBook(client)
    this.#recorder = new LagRecorder(store, cluster)
    const retention = new OffsetsRetention(client, nowMs)
    this.#describing = {
      client,
      book: this.#book,
      tracker: this.#tracker,
      nextRecords: new NextRecords(client),
      commitLog: new CommitLog(client, nowMs),
      diary: this.#diary,
      rebalanceVersion: groupId => this.#versions.get(groupId) ?? 0,
      offsetsRetentionMs: () => retention.read(),
      nowMs,
      busyMs,
    }
    void this.#run(this.#running.signal)
  }

  close(): void {
    this.#running.abort()
  }

  list(): Promise<readonly GroupSummary[]> {
    return this.#book.list()
  }

  async figures(groupIds: readonly string[]): Promise<readonly GroupFigures[]> {
    const figures: GroupFigures[] = []
    for (const part of inParts(groupIds, FIGURES_AT_ONCE))
      figures.push(...(await describeFigures(this.#describing, part)))
    return figures
  }

  /** Throws a `ContractError` NOT_FOUND. */
  describe(groupId: string): Promise<GroupDescription> {
    return describeGroup(this.#describing, groupId)
  }

  /**
   * Groups that committed for a topic or hold a part of it. Of very many groups, those without
   * members are known from the last look in the background.
   */
  async ofTopic(topic: string): Promise<readonly GroupFigures[]> {
    const listed = await this.#book.list()
    const all = listed.length <= GROUPS_DESCRIBED_MAX
    if (!all) await this.#firstRound.promise
    const committed = new Set(all ? [] : this.#tracker.groupsOf(topic))
    const asked = listed.filter(
      ({ groupId, state }) =>
        all || committed.has(groupId) || (state !== 'Empty' && state !== 'Dead'),
    )
    const figures = await this.figures(asked.map(({ groupId }) => groupId))
    return figures.filter(({ topics }) => topics.includes(topic))
  }

  history(
    groupId: string,
    topic: string | null,
    { spanMs, pointsMax }: { readonly spanMs: number; readonly pointsMax: number },
  ): LagHistory {
    const { store, cluster } = this.#options
    const untilMs = this.#options.nowMs()
    const fromMs = untilMs - spanMs
    const topics = store.topics(cluster, groupId)
    // The only topic of a group has no series of its own.
    const series = topic !== null && topics.includes(topic) ? topic : null
    const points = store.points({ cluster, groupId, topic: series }, fromMs, untilMs)
    const spans = store.spans(cluster, fromMs)
    const columns = columnsOfRange(points, spans, { fromMs, untilMs, pointsMax })
    return { topic: series, topics, ...columns, keeping: this.keeping() }
  }

  keeping(): HistoryKeeping {
    const round = this.#round
    return {
      ...this.#options.store.keeping(),
      intervalMs: round === null ? 0 : intervalAfter(round),
      roundMs: round?.tookMs ?? 0,
      groupCount: round?.groups.length ?? 0,
    }
  }

  rebalances(groupId: string, limit: number): readonly Rebalance[] {
    return this.#options.store.rebalances(this.#options.cluster, groupId, limit)
  }

  /** What a coordinator of the local cluster tells. */
  journal(event: GroupJournalEvent): void {
    const draft = this.#diary.take(event)
    if (draft !== null) this.#keep(event.groupId, draft)
  }

  #keep(groupId: string, draft: RebalanceDraft): void {
    this.#options.store.putRebalance(this.#options.cluster, groupId, draft)
    this.#versions.set(groupId, (this.#versions.get(groupId) ?? 0) + 1)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { nowMs, wait } = this.#options
    let intervalMs = RETRY_MS
    while (!signal.aborted) {
      const startedMs = nowMs()
      try {
        const round = await lookAtGroups(this.#describing)
        if (signal.aborted) return
        intervalMs = intervalAfter(round)
        this.#take(round, intervalMs)
        if (!this.#options.hasJournal) await this.#poll(round)
        this.#firstRound.resolve()
      } catch {
        // The cluster is away: there is no look at it, and the chart has a gap.
        intervalMs = RETRY_MS
      }
      await wait(Math.max(intervalMs - (nowMs() - startedMs), 50), signal)
    }
  }

  #take(round: Round, intervalMs: number): void {
    this.#round = round
    this.#recorder.record(round.atMs, intervalMs, round.lags)
    this.#options.onConsumed(this.#tracker.consumed, round.atMs)
  }

  /** Members of groups that have any, compared with the look before. */
  async #poll({ groups, atMs }: Round): Promise<void> {
    const { client } = this.#options
    const peopled = groups.filter(
      ({ groupId, state, type }) =>
        // In a share group nothing moves from one to another: partitions have several members.
        type !== 'share' && (state !== 'Empty' || this.#looks.has(groupId)),
    )
    for (const [coordinator, own] of Map.groupBy(peopled, each => each.coordinator ?? -1))
      for (const part of inParts(own, POLL_GROUPS_PER_REQUEST)) {
        const groupIds = part.map(({ groupId }) => groupId)
        // A coordinator that does not answer now is asked again in the next look.
        const found = await describeAt(client, coordinator, groupIds, this.#book).catch(() => null)
        for (const [groupId, group] of found ?? [])
          if (!('code' in group)) this.#compare(groupId, { atMs, group })
      }
    this.#polledMs = atMs
    const listed = new Set(groups.map(({ groupId }) => groupId))
    for (const groupId of this.#looks.keys()) if (!listed.has(groupId)) this.#looks.delete(groupId)
  }

  #compare(groupId: string, look: { readonly atMs: number; readonly group: BareGroup }): void {
    if (!settled(look.group)) return
    // A group that has appeared since the last look had nobody then.
    const unborn = { ...look.group, members: [] }
    const since = this.#polledMs === null ? null : { atMs: this.#polledMs, group: unborn }
    const before = this.#looks.get(groupId) ?? since
    const draft = before === null ? null : polledRebalance(before, look)
    if (draft !== null) this.#keep(groupId, draft)
    this.#looks.set(groupId, look)
  }
}
