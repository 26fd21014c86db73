/**
 * The plan for what is chosen now. While another is being made the last one stays on screen, and is
 * known to be of something else, so that it cannot be applied.
 */
import type { ApplicationApi, ApplicationClient } from '../../../src-main/contract/api.ts'
import type { InputOf, Problem } from '../../../src-main/contract/define.ts'
import type { OffsetPlan } from '../../../src-main/contract/model/offset.ts'
import { problemOf } from '../../connection/answer.ts'
import { Store } from '../../ui/store.ts'

export type PlanInput = InputOf<ApplicationApi, 'offset.plan'>

export interface PlanState {
  readonly plan: OffsetPlan | null
  /** Why there is no newer one. */
  readonly problem: Problem | null
  /** True where `plan` is of what is chosen now. */
  readonly current: boolean
}

/** Long enough for the next key of a number that is being typed. */
const TYPING_MS = 120
const REFRESH_MS = 4_000
/** Plans of thousands of partitions are made anew less often. */
const REFRESH_MANY_MS = 20_000
const MANY_ROWS = 2_000

export class PlanStore extends Store<PlanState> {
  readonly #client: ApplicationClient
  #input: PlanInput | null = null
  #key: string | null = null
  #abort: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = true

  constructor(client: ApplicationClient) {
    super({ plan: null, problem: null, current: false })
    this.#client = client
  }

  open(): void {
    this.#closed = false
    this.refresh()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#abort?.abort()
  }

  /** `key` tells two inputs apart. Null: there is nothing to plan yet. */
  want(input: PlanInput | null, key: string): void {
    if (key === this.#key) return
    const first = this.#key === null
    this.#key = key
    this.#input = input
    this.#abort?.abort()
    this.replace({ ...this.snapshot(), problem: null, current: false })
    if (input === null) {
      clearTimeout(this.#timer)
      this.replace({ plan: null, problem: null, current: false })
    } else this.#later(first ? 0 : TYPING_MS)
  }

  readonly refresh = (): void => {
    if (this.#input !== null) this.#later(0)
  }

  #later(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (!this.#closed) this.#timer = setTimeout(() => void this.#ask(), milliseconds)
  }

  async #ask(): Promise<void> {
    const input = this.#input
    if (input === null) return
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    try {
      const plan = await this.#client.call('offset.plan', input, abort.signal)
      if (!abort.signal.aborted) this.replace({ plan, problem: null, current: true })
    } catch (error) {
      // Shown beside the last plan; a question of our own that we took back is not.
      if (!abort.signal.aborted)
        this.replace({ ...this.snapshot(), problem: problemOf(error), current: false })
    }
    if (abort.signal.aborted) return
    const many = (this.snapshot().plan?.rows.length ?? 0) > MANY_ROWS
    this.#later(many ? REFRESH_MANY_MS : REFRESH_MS)
  }
}
