/**
 * The partitions of a topic while a page shows them. All of them are looked at as often as that is
 * worth its cost, and only what has changed is told again; those on screen every second.
 */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import type {
  PartitionReplication,
  TopicReplication,
} from '../../../src-main/contract/model/replication.ts'
import { problemOf } from '../../connection/answer.ts'
import { Store } from '../../ui/store.ts'

/** Lags move by the second. */
const SHOWN_MS = 1_000
const SHOWN_MAX = 200

export interface TopicReplicas {
  /** Null until the first answer. */
  readonly told: Pick<TopicReplication, 'minInSyncReplicas' | 'uncleanElection'> | null
  readonly partitions: readonly PartitionReplication[]
  /** How often all of them are looked at; more than a second for very many. */
  readonly againMs: number
  /** Why the last attempt did not succeed; null when it did. */
  readonly problem: Problem | null
}

export class TopicReplicaList extends Store<TopicReplicas> {
  readonly #client: ApplicationClient
  readonly #place: { readonly cluster: string; readonly topic: string }
  readonly #byPartition = new Map<number, PartitionReplication>()
  #version: string | null = null
  #shown: readonly number[] = []
  #abort = new AbortController()
  #timers = new Set<ReturnType<typeof setTimeout>>()

  constructor(client: ApplicationClient, place: { cluster: string; topic: string }) {
    super({ told: null, partitions: [], againMs: SHOWN_MS, problem: null })
    this.#client = client
    this.#place = place
  }

  open(): void {
    this.#abort = new AbortController()
    void this.#lookAtAll(this.#abort.signal)
    void this.#lookAtShown(this.#abort.signal)
  }

  close(): void {
    this.#abort.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  readonly refresh = (): void => {
    this.close()
    this.open()
  }

  /** The partitions that are on screen now. */
  show(partitions: readonly number[]): void {
    this.#shown = partitions.slice(0, SHOWN_MAX)
  }

  async #lookAtAll(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const answer = await this.#look(null, signal)
    if (signal.aborted) return
    if (answer !== null) this.#version = answer.version
    this.#later(this.snapshot().againMs, () => this.#lookAtAll(signal))
  }

  /** While all are looked at as often, these come with them. */
  async #lookAtShown(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const apart = this.snapshot().againMs > SHOWN_MS && this.#shown.length > 0
    if (apart) await this.#look(this.#shown, signal)
    if (!signal.aborted) this.#later(SHOWN_MS, () => this.#lookAtShown(signal))
  }

  async #look(
    partitions: readonly number[] | null,
    signal: AbortSignal,
  ): Promise<TopicReplication | null> {
    const since = this.#version
    try {
      const input = { ...this.#place, partitions, since }
      const answer = await this.#client.call('replication.topic', input, signal)
      if (signal.aborted) return null
      this.#take(answer, partitions === null)
      return answer
    } catch (error) {
      // Shown beside what is known; the next turn asks again.
      if (!signal.aborted) this.replace({ ...this.snapshot(), problem: problemOf(error) })
      return null
    }
  }

  #take({ whole, partitions, againMs, ...told }: TopicReplication, all: boolean): void {
    const before = this.snapshot()
    if (whole) this.#byPartition.clear()
    for (const each of partitions) this.#byPartition.set(each.partition, each)
    // The same list where nothing has changed: nothing is put in order again.
    const same = !whole && partitions.length === 0
    this.replace({
      told,
      partitions: same
        ? before.partitions
        : [...this.#byPartition.values()].sort((a, b) => a.partition - b.partition),
      againMs: all ? againMs : before.againMs,
      problem: null,
    })
  }

  /** A page in a hidden tab waits instead of asking. */
  #later(milliseconds: number, act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (document.visibilityState === 'visible') void act()
      else document.addEventListener('visibilitychange', () => void act(), { once: true })
    }, milliseconds)
    this.#timers.add(timer)
  }
}
