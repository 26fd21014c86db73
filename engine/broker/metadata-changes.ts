/**
 * What a broker does about changes of the metadata, and about all of it when it starts: logs are
 * opened, led, followed and deleted, coordinators come and go. In slices: ten thousand partitions
 * take seconds, and neither heartbeats nor clients wait for more than a slice of it.
 */
import { configResourceTypes } from '../config/describe.ts'
import { singleChanges, type MetadataChange } from '../controller/metadata-image.ts'
import type { Clock } from '../ports/clock.ts'
import { OFFSETS_TOPIC, type ClusterView } from './cluster-view.ts'
import type { GroupService } from './group-service.ts'
import type { Replicas } from './replicas.ts'

const SLICE_MS = 10

export interface MetadataChangesOptions {
  readonly cluster: ClusterView
  readonly replicas: Replicas
  readonly groups: Pick<GroupService, 'topicsDeleted' | 'hosts' | 'lead' | 'resign'>
  readonly clock: Clock
}

export class MetadataChanges {
  readonly #options: MetadataChangesOptions
  /** Logs are opened once the whole metadata log is known, and not as it is replayed. */
  #isOpen = false
  #stopped = false

  constructor(options: MetadataChangesOptions) {
    this.#options = options
  }

  /** The image must stay as it is until this settles; null where it is done already. */
  openLogs(): Promise<void> | null {
    this.#isOpen = true
    return this.#inSlices(this.#opening())
  }

  /** The same of what has changed since. */
  apply(changes: readonly MetadataChange[]): Promise<void> | null {
    return this.#isOpen ? this.#inSlices(this.#applying(changes)) : null
  }

  /** What is not done yet is left to the next start. */
  stop(): void {
    this.#stopped = true
  }

  #inSlices(work: Iterator<void>): Promise<void> | null {
    return this.#slice(work) ? null : this.#goOn(work)
  }

  async #goOn(work: Iterator<void>): Promise<void> {
    do await new Promise<void>(resolve => void this.#options.clock.soon(resolve))
    while (!this.#slice(work))
  }

  /** Says whether nothing is left. */
  #slice(work: Iterator<void>): boolean {
    const { clock } = this.#options
    const startMs = clock.monotonicMs()
    while (!this.#stopped) {
      if (work.next().done === true) return true
      if (clock.monotonicMs() - startMs >= SLICE_MS) return false
    }
    return true
  }

  *#opening(): Generator<void, void> {
    const { replicas, clock } = this.#options
    yield* replicas.openAll(() => clock.nowMs())
    this.#followOffsetsTopic()
  }

  *#applying(changes: readonly MetadataChange[]): Generator<void, void> {
    for (const change of changes.flatMap(singleChanges)) {
      this.#apply(change, this.#options.clock.nowMs())
      yield
    }
    this.#followOffsetsTopic()
  }

  #apply(change: MetadataChange, nowMs: number): void {
    const { cluster, replicas, groups } = this.#options
    switch (change.type) {
      case 'partition-changed': {
        // A later record of the same answer may have deleted the topic.
        if (cluster.topicById(change.topic.topicId) === null) return
        replicas.partitionChanged(change.topic, change.partitionIndex, change.after, nowMs)
        return
      }
      case 'topic-deleted':
        replicas.topicDeleted(change.topic, nowMs)
        groups.topicsDeleted([change.topic])
        return
      case 'config-changed':
        if (change.resourceType === configResourceTypes.TOPIC)
          replicas.topicConfigChanged(change.resourceName, nowMs)
        else if (change.resourceType === configResourceTypes.BROKER)
          replicas.allConfigsChanged(nowMs)
        return
      default:
    }
  }

  /** Coordinators move with the partitions of `__consumer_offsets` that this broker leads. */
  #followOffsetsTopic(): void {
    const { cluster, replicas, groups } = this.#options
    const count = cluster.topicByName(OFFSETS_TOPIC)?.partitions.length ?? 0
    for (let index = 0; index < count; index++) {
      const partition = replicas.find(OFFSETS_TOPIC, index)
      const leads = partition !== null && partition.leads
      if (leads && !groups.hosts(partition)) groups.lead(partition)
      else if (!leads) groups.resign(index)
    }
  }
}
