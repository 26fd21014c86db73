/** The topics of a cluster: names first, figures for those that are looked at. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import { rowsOf } from '../../../src-main/contract/columns.ts'
import type { TopicFigures, TopicSummary } from '../../../src-main/contract/model/topic.ts'
import { Asked } from '../../connection/answer.ts'
import { LazyFigures } from '../../connection/lazy-figures.ts'

/** Clients create topics without telling us. */
const LIST_INTERVAL_MS = 5_000

export class TopicList {
  readonly names: Asked<readonly TopicSummary[]>
  readonly figures: LazyFigures<TopicFigures>
  readonly #client: ApplicationClient
  readonly #cluster: string
  #version: string | undefined
  #stop: (() => void) | null = null

  constructor(client: ApplicationClient, cluster: string) {
    this.#client = client
    this.#cluster = cluster
    this.names = new Asked(async (before, signal) => {
      const known = before === null ? undefined : this.#version
      const { version, topics } = await client.call('topic.list', { cluster, known }, signal)
      this.#version = version
      return topics === null ? (before ?? []) : rowsOf(topics)
    }, LIST_INTERVAL_MS)
    this.figures = new LazyFigures(
      (topics, signal) => client.call('topic.figures', { cluster, topics }, signal),
      figures => figures.name,
    )
  }

  open(): void {
    this.names.open()
    this.figures.open()
    this.#stop = this.#client.on('topics.changed', ({ cluster }) => {
      if (cluster === this.#cluster) this.names.refresh()
    })
  }

  close(): void {
    this.names.close()
    this.figures.close()
    this.#stop?.()
  }
}
