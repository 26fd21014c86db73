/** The clusters that the application knows, kept up to date by its events. */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { ClusterSummary } from '../../src-main/contract/model/cluster.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import { problemOf, type Answer } from '../connection/answer.ts'
import { Store } from '../ui/store.ts'

export class Clusters extends Store<Answer<readonly ClusterSummary[]>> {
  readonly #client: ApplicationClient
  #stops: (() => void)[] = []

  constructor(client: ApplicationClient) {
    super({ value: null, problem: null, asking: true })
    this.#client = client
  }

  open(): void {
    this.#stops = [
      this.#client.on('clusters.changed', value => this.#take(value)),
      // Changes while nothing was connected were told to nobody.
      this.#client.onState(state => {
        if (state.type === 'open') void this.#ask()
      }),
    ]
    void this.#ask()
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  readonly refresh = (): void => void this.#ask()

  async #ask(): Promise<void> {
    try {
      this.#take(await this.#client.call('cluster.list', {}))
    } catch (error) {
      // The frame shows it; the next connection asks again.
      this.#refuse(problemOf(error))
    }
  }

  #take(value: readonly ClusterSummary[]): void {
    this.replace({ value, problem: null, asking: false })
  }

  #refuse(problem: Problem): void {
    this.replace({ ...this.snapshot(), problem, asking: false })
  }
}
