/** All clusters' groups in one place: the handlers of the groups' thread. */
import type { Client } from '../../../engine/client/client.ts'
import type { GroupJournalEvent } from '../../../engine/group/group-events.ts'
import { openClient } from '../../clusters/cluster-connection.ts'
import { ContractError, type Handlers } from '../../contract/define.ts'
import { plainDigest, watch, type Wait } from '../../lookups/watch.ts'
import { GroupKeeper } from '../group-keeper.ts'
import type { HistoryStore } from '../history/history-store.ts'
import type { Consumed, GroupThreadApi } from './group-thread-api.ts'

const WATCH_INTERVAL_MS = 1_000
const TIDY_INTERVAL_MS = 60_000
/** Between two pieces of tidying, so that answers come in between. */
const TIDY_PAUSE_MS = 20

export interface GroupOfficeOptions {
  readonly store: HistoryStore
  readonly nowMs: () => number
  readonly wait: Wait
  /** How long this thread has been at work since it began. */
  readonly busyMs: () => number
  /** After the answer has left. */
  readonly stop: () => void
}

interface Known {
  readonly client: Client
  readonly keeper: GroupKeeper
}

export class GroupOffice {
  readonly #options: GroupOfficeOptions
  readonly #known = new Map<string, Known>()
  readonly #listeners = new Set<(consumed: Consumed) => void>()
  readonly #closing = new AbortController()

  constructor(options: GroupOfficeOptions) {
    this.#options = options
    void this.#tidy(this.#closing.signal)
  }

  /** What a coordinator of a cluster has told. */
  journal(cluster: string, event: GroupJournalEvent): void {
    this.#known.get(cluster)?.keeper.journal(event)
  }

  handlers(): Handlers<GroupThreadApi> {
    const { nowMs, wait } = this.#options
    const keeperOf = (cluster: string) => this.#keeperOf(cluster)
    return {
      commands: {
        'group.list': async ({ cluster }) => keeperOf(cluster).list(),
        'group.figures': async ({ cluster, groupIds }) => keeperOf(cluster).figures(groupIds),
        'group.describe': async ({ cluster, groupId }) => keeperOf(cluster).describe(groupId),
        'group.of-topic': async ({ cluster, topic }) => keeperOf(cluster).ofTopic(topic),
        'group.history': async ({ cluster, groupId, topic, ...range }) =>
          keeperOf(cluster).history(groupId, topic, range),
        'group.rebalances': async ({ cluster, groupId, limit }) =>
          keeperOf(cluster).rebalances(groupId, limit),
        'groups.know-cluster': async ({ cluster, hasJournal, ...connection }) => {
          this.#forget(cluster)
          const client = openClient(connection)
          const { store, busyMs } = this.#options
          const onConsumed = (consumed: ReadonlyMap<string, number>, atMs: number) =>
            this.#tell(cluster, consumed, atMs)
          const made = { cluster, client, hasJournal, store, nowMs, wait, busyMs, onConsumed }
          this.#known.set(cluster, { client, keeper: new GroupKeeper(made) })
        },
        'groups.forget-cluster': async ({ cluster }) => this.#forget(cluster),
        'groups.stop': async () => {
          this.#close()
          setImmediate(this.#options.stop)
        },
      },
      streams: {
        'group.watch': async ({ cluster, groupId, intervalMs = WATCH_INTERVAL_MS }, sink) => {
          const read = () => keeperOf(cluster).describe(groupId)
          await watch({ sink, intervalMs, nowMs, wait, read, digest: plainDigest })
        },
        'groups.consumed': async (_input, sink) => {
          const listener = (consumed: Consumed) => sink.emit(consumed)
          this.#listeners.add(listener)
          await new Promise(resolve => sink.signal.addEventListener('abort', resolve))
          this.#listeners.delete(listener)
        },
      },
    }
  }

  #keeperOf(cluster: string): GroupKeeper {
    const known = this.#known.get(cluster)
    if (known !== undefined) return known.keeper
    throw new ContractError({ code: 'NOT_FOUND', message: `no cluster is ${cluster}` })
  }

  #tell(cluster: string, consumed: ReadonlyMap<string, number>, atMs: number): void {
    const item = { cluster, atMs, topics: [...consumed.keys()], counts: [...consumed.values()] }
    for (const listener of this.#listeners) listener(item)
  }

  #forget(cluster: string): void {
    const known = this.#known.get(cluster)
    this.#known.delete(cluster)
    known?.keeper.close()
    known?.client.close()
  }

  #close(): void {
    this.#closing.abort()
    for (const cluster of this.#known.keys()) this.#forget(cluster)
    this.#options.store.close()
  }

  async #tidy(signal: AbortSignal): Promise<void> {
    const { store, nowMs, wait } = this.#options
    for (;;) {
      await wait(TIDY_INTERVAL_MS, signal)
      while (!signal.aborted && store.tidy(nowMs())) await wait(TIDY_PAUSE_MS, signal)
      if (signal.aborted) return
    }
  }
}
