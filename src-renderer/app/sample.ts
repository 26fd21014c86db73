/** What the sample shop does, and orders to it. */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { SampleStatus } from '../../src-main/contract/model/application.ts'
import { problemOf } from '../connection/answer.ts'
import { Store } from '../ui/store.ts'

const COUNTS_INTERVAL_MS = 2_000

export class Sample extends Store<SampleStatus | null> {
  readonly #client: ApplicationClient
  #stop: (() => void) | null = null
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(client: ApplicationClient) {
    super(null)
    this.#client = client
  }

  open(): void {
    this.#stop = this.#client.on('sample.changed', status => this.replace(status))
    // Its counts grow without an event.
    this.#timer = setInterval(() => {
      const state = this.snapshot()?.state
      if (document.visibilityState === 'visible' && state !== 'absent') void this.#ask()
    }, COUNTS_INTERVAL_MS)
    void this.#ask()
  }

  close(): void {
    this.#stop?.()
    clearInterval(this.#timer)
  }

  async order(name: 'sample.start' | 'sample.stop' | 'sample.remove'): Promise<void> {
    try {
      this.replace(await this.#client.call(name, {}))
    } catch (error) {
      // The banner is where an order that was refused shows.
      const status = this.snapshot()
      if (status !== null) this.replace({ ...status, state: 'failed', problem: problemOf(error) })
    }
  }

  async #ask(): Promise<void> {
    try {
      this.replace(await this.#client.call('sample.status', {}))
    } catch {
      // Without a connection there is nothing to say that the notice above does not say.
    }
  }
}
