/**
 * The wire log of one local cluster: taps its brokers while somebody looks, and for some minutes
 * after, so that a reader who looks at another page finds what he was looking at.
 */
import type { TappedRequest } from '../../engine/server/wire-tap.ts'
import { declaredApis } from '../../engine/protocol/declared-apis.ts'
import { apiName } from '../../engine/protocol/api-keys.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import type { LocalCluster } from '../clusters/local-cluster.ts'
import type { WireOrigin, WireRequest } from '../contract/model/wire.ts'
import type { Wait } from '../lookups/watch.ts'

/** Requests remembered for a reader who comes back; the brokers keep their bytes. */
const REQUESTS_KEPT = 20_000
const LINGER_MS = 5 * 60_000

export interface WireNews {
  readonly requests: readonly WireRequest[]
  /** Requests that the brokers did not tell of because too many came. */
  readonly untold: number
}

export class WireLog {
  readonly #local: LocalCluster
  readonly #wait: Wait
  readonly #watchers = new Set<(news: WireNews) => void>()
  #kept: WireRequest[] = []
  #closeTap: (() => void) | null = null
  #lingering: AbortController | null = null

  constructor(local: LocalCluster, wait: Wait) {
    this.#local = local
    this.#wait = wait
  }

  /** In the order in which they were answered. */
  get requests(): readonly WireRequest[] {
    return this.#kept
  }

  /** Returns what ends the watching. */
  watch(listener: (news: WireNews) => void): () => void {
    this.#lingering?.abort()
    this.#watchers.add(listener)
    if (this.#closeTap === null) this.#openTap()
    return () => {
      this.#watchers.delete(listener)
      if (this.#watchers.size === 0) void this.#linger()
    }
  }

  #openTap(): void {
    const unlisten = this.#local.onWire(({ brokerId, requests, lost }) =>
      this.#receive(
        requests.map(request => wireRequest(brokerId, request)),
        lost,
      ),
    )
    this.#local.tapWire(true)
    this.#closeTap = () => {
      unlisten()
      this.#local.tapWire(false)
      this.#closeTap = null
      this.#kept = []
    }
  }

  #receive(requests: readonly WireRequest[], untold: number): void {
    this.#kept.push(...requests)
    if (this.#kept.length > REQUESTS_KEPT) this.#kept = this.#kept.slice(-REQUESTS_KEPT)
    for (const listener of this.#watchers) listener({ requests, untold })
  }

  async #linger(): Promise<void> {
    const lingering = new AbortController()
    this.#lingering = lingering
    await this.#wait(LINGER_MS, lingering.signal)
    if (!lingering.signal.aborted) this.#closeTap?.()
  }
}

function wireRequest(brokerId: number, request: TappedRequest): WireRequest {
  const { errorCodes, ...seen } = request
  return {
    ...seen,
    brokerId,
    origin: originOf(request.clientId),
    api: nameOfApi(request.apiKey),
    errors: errorCodes.map(errorName),
  }
}

export function nameOfApi(apiKey: number): string {
  const declared = declaredApis.get(apiKey)
  if (declared !== undefined) return declared.name
  const name = apiName(apiKey)
  return name === null ? `api ${apiKey}` : name[0]!.toUpperCase() + name.slice(1)
}

/** By the client ids that our own clients carry. */
export function originOf(clientId: string | null): WireOrigin {
  if (clientId === null) return 'client'
  if (clientId.startsWith('odradek-sample')) return 'sample'
  if (clientId === 'odradek' || clientId.startsWith('odradek-')) return 'application'
  return /^broker-\d+/.test(clientId) ? 'broker' : 'client'
}
