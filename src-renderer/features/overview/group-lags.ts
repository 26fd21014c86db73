/** The lag of a cluster's groups, read again every few seconds, in bounded batches. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { GroupFigures } from '../../../src-main/contract/model/group.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import { problemOf } from '../../connection/answer.ts'
import { Store } from '../../ui/store.ts'

const INTERVAL_MS = 3_000
/** More groups than this would cost the cluster more than the overview is worth. */
const GROUPS_MAX = 500

export interface GroupLagsState {
  readonly groups: readonly GroupFigures[]
  readonly problem: Problem | null
  readonly atMs: number
}

export class GroupLags extends Store<GroupLagsState> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  #abort = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: ApplicationClient, cluster: string) {
    super({ groups: [], problem: null, atMs: 0 })
    this.#client = client
    this.#cluster = cluster
  }

  open(): void {
    this.#abort = new AbortController()
    void this.#read()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#abort.abort()
  }

  async #read(): Promise<void> {
    const { signal } = this.#abort
    const cluster = this.#cluster
    try {
      if (document.visibilityState === 'visible') {
        const groups = await this.#client.call('group.list', { cluster }, signal)
        const groupIds = groups.slice(0, GROUPS_MAX).map(({ groupId }) => groupId)
        const figures =
          groupIds.length === 0
            ? []
            : await this.#client.call('group.figures', { cluster, groupIds }, signal)
        this.replace({ groups: figures, problem: null, atMs: performance.now() })
      }
    } catch (error) {
      // Shown in the panel; the figures from before stay.
      if (!signal.aborted) this.replace({ ...this.snapshot(), problem: problemOf(error) })
    }
    if (!signal.aborted) this.#timer = setTimeout(() => void this.#read(), INTERVAL_MS)
  }
}
