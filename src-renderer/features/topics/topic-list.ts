/** The topics of a cluster: names first, figures for those that are looked at. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { TopicFigures } from '../../../src-main/contract/model.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { LazyFigures } from '../../connection/lazy-figures.ts'

/** Clients create topics without telling us. */
const LIST_INTERVAL_MS = 5_000

export class TopicList {
  readonly names: AskedAnswer<'topic.list'>
  readonly figures: LazyFigures<TopicFigures>
  readonly #client: ApplicationClient
  readonly #cluster: string
  #stop: (() => void) | null = null

  constructor(client: ApplicationClient, cluster: string) {
    this.#client = client
    this.#cluster = cluster
    this.names = new AskedAnswer(client, 'topic.list', { cluster }, LIST_INTERVAL_MS)
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
