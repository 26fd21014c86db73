/**
 * Sizes of brokers' folders for an overview that is looked at all the time. Brokers add up the sizes
 * of all their partitions for each answer: one that takes long is kept for fifty times as long. And
 * one that is silent keeps nobody waiting: it stands there as silent after a while.
 */
import type { Client } from '../../engine/client/client.ts'
import { measureLogDirs, type MeasuredBroker } from '../lookups/log-dirs.ts'
import { within } from '../lookups/patience.ts'

const FAST_MS = 40
const KEPT_FACTOR = 50
/** For how long one look waits; what comes later is told by the next one. */
const PATIENCE_MS = 500
/** From then on a broker counts as silent; a busy one may take a second. */
const SILENT_MS = 2_000

interface Look {
  told: MeasuredBroker | null
  pending: Promise<void> | null
  askedAtMs: number
}

export class LogDirsWatch {
  readonly #client: Client
  readonly #nowMs: () => number
  readonly #looks = new Map<number, Look>()
  #brokerIds = ''
  #validUntilMs = 0
  #last: readonly MeasuredBroker[] = []

  constructor(client: Client, nowMs: () => number) {
    this.#client = client
    this.#nowMs = nowMs
  }

  /** `silent`: brokers that are known to answer nobody; they are not asked. */
  async read(
    brokerIds: readonly number[],
    silent: ReadonlySet<number>,
  ): Promise<readonly MeasuredBroker[]> {
    const startedMs = this.#nowMs()
    const asked = brokerIds.filter(id => !silent.has(id))
    if (asked.join() !== this.#brokerIds || startedMs >= this.#validUntilMs) {
      this.#last = await this.#lookAt(asked)
      this.#brokerIds = asked.join()
      const answered = this.#last.every(({ problem }) => problem === null)
      const tookMs = this.#nowMs() - startedMs
      this.#validUntilMs = answered && tookMs > FAST_MS ? startedMs + tookMs * KEPT_FACTOR : 0
    }
    const known = brokerIds.filter(id => silent.has(id))
    return [...this.#last, ...known.map(id => silence(id, 'does not answer'))]
  }

  async #lookAt(brokerIds: readonly number[]): Promise<readonly MeasuredBroker[]> {
    const looks = brokerIds.map(id => this.#begin(id))
    const first = looks.some(({ told }) => told === null)
    await within(
      first ? SILENT_MS : PATIENCE_MS,
      Promise.all(looks.flatMap(({ pending }) => pending ?? [])),
    )
    const nowMs = this.#nowMs()
    return looks.map(({ told, pending, askedAtMs }, place) => {
      const late = pending !== null && nowMs - askedAtMs >= SILENT_MS
      if (told !== null && !late) return told
      return silence(brokerIds[place]!, `does not answer within ${SILENT_MS / 1_000} s`)
    })
  }

  #begin(brokerId: number): Look {
    const known = this.#looks.get(brokerId)
    const look = known ?? { told: null, pending: null, askedAtMs: 0 }
    this.#looks.set(brokerId, look)
    if (look.pending !== null) return look
    look.askedAtMs = this.#nowMs()
    look.pending = measureLogDirs(this.#client, brokerId).then(told => {
      look.told = told
      look.pending = null
    })
    return look
  }
}

function silence(brokerId: number, why: string): MeasuredBroker {
  const problem = { code: 'UNREACHABLE', message: `broker ${brokerId} ${why}` }
  return { brokerId, logDirs: [], problem }
}
