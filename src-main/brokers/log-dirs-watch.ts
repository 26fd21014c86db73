/**
 * Sizes of brokers' folders for an overview that is looked at all the time. Brokers add up the sizes
 * of all their partitions for each answer: one that takes long is kept for fifty times as long, and
 * meanwhile a broker is only asked whether it is there. One that is silent keeps nobody waiting: it
 * stands there as silent after a while.
 */
import type { Client } from '../../engine/client/client.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../engine/protocol/messages/api-versions.ts'
import { problemOf } from '../contract/problem.ts'
import { measureLogDirs, type MeasuredBroker } from '../lookups/log-dirs.ts'
import { within } from '../lookups/patience.ts'

const FAST_MS = 40
const KEPT_FACTOR = 50
/** For how long one look waits; what comes later is told by the next one. */
const PATIENCE_MS = 500
/** From then on a broker counts as silent; a busy one may take a second. */
const SILENT_MS = 2_000

/** The cheapest question that there is. */
const sign = { request: apiVersionsRequest, response: apiVersionsResponse }
const self = { clientSoftwareName: 'odradek', clientSoftwareVersion: '0' }

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
    const kept = asked.join() === this.#brokerIds && startedMs < this.#validUntilMs
    this.#last = await this.#lookAt(asked, kept)
    if (!kept) {
      this.#brokerIds = asked.join()
      const answered = this.#last.every(({ problem }) => problem === null)
      const tookMs = this.#nowMs() - startedMs
      this.#validUntilMs = answered && tookMs > FAST_MS ? startedMs + tookMs * KEPT_FACTOR : 0
    }
    // What it held may have changed while it was away.
    else if (this.#last.some(({ problem }) => problem !== null)) this.#validUntilMs = 0
    const known = brokerIds.filter(id => silent.has(id))
    return [...this.#last, ...known.map(id => silence(id, 'does not answer'))]
  }

  async #lookAt(brokerIds: readonly number[], kept: boolean): Promise<readonly MeasuredBroker[]> {
    const looks = brokerIds.map(id => this.#begin(id, kept))
    const first = looks.some(({ told }) => told === null)
    const beganMs = this.#nowMs()
    // Whoever is known to be silent is not waited for again.
    const awaited = looks.filter(({ askedAtMs }) => beganMs - askedAtMs < SILENT_MS)
    await within(
      first ? SILENT_MS : PATIENCE_MS,
      Promise.all(awaited.flatMap(({ pending }) => pending ?? [])),
    )
    const nowMs = this.#nowMs()
    return looks.map(({ told, pending, askedAtMs }, place) => {
      const late = pending !== null && nowMs - askedAtMs >= SILENT_MS
      if (told !== null && !late) return told
      return silence(brokerIds[place]!, `does not answer within ${SILENT_MS / 1_000} s`)
    })
  }

  #begin(brokerId: number, kept: boolean): Look {
    const known = this.#looks.get(brokerId)
    const look = known ?? { told: null, pending: null, askedAtMs: 0 }
    this.#looks.set(brokerId, look)
    if (look.pending !== null) return look
    look.askedAtMs = this.#nowMs()
    const { told } = look
    const asking =
      kept && told !== null ? this.#isThere(told) : measureLogDirs(this.#client, brokerId)
    look.pending = asking.then(answer => {
      look.told = answer
      look.pending = null
    })
    return look
  }

  /** What it told before, as long as it answers at all. */
  async #isThere(told: MeasuredBroker): Promise<MeasuredBroker> {
    const { brokerId } = told
    try {
      await this.#client.request({ type: 'broker', brokerId }, sign, self)
      return told
    } catch (error) {
      // Waiting for all brokers: one that does not answer is shown as such beside the others.
      return { brokerId, logDirs: [], problem: problemOf(error) }
    }
  }
}

function silence(brokerId: number, why: string): MeasuredBroker {
  const problem = { code: 'UNREACHABLE', message: `broker ${brokerId} ${why}` }
  return { brokerId, logDirs: [], problem }
}
