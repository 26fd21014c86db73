/**
 * The sample shop: a small world that writes records. Pure and deterministic: the same seed and
 * start give the same records, in whatever steps time advances.
 *
 * Everything that screens have to cope with is in it: ids of 19 digits, null keys, tombstones,
 * headers, several scripts, line breaks, and now and then a large value.
 */
import { agents, customers, notes, pages, products } from './shop-catalogue.ts'

export interface ShopRecord {
  readonly topic: ShopTopic
  readonly key: string | null
  /** Null is a tombstone. */
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly timestampMs: number
}

export type ShopTopic =
  | 'shop.orders'
  | 'shop.payments'
  | 'shop.shipments'
  | 'shop.inventory'
  | 'shop.page-views'

export interface Shop {
  /** What happens until `nowMs`, in order of time. */
  advance(nowMs: number): readonly ShopRecord[]
}

/** The mean time between two: together about fifty records a second. */
const PAGE_VIEW_MS = 25
const ORDER_MS = 250
/** One payment in so many is refused, and one view carries a large stack trace. */
const REFUSED_ONE_IN = 20
const LARGE_ONE_IN = 2_000
const LARGE_LINES = 1_500
/** Orders begin with this id; it lies beyond 2^53. */
const FIRST_ORDER_ID = 7_310_000_000_000_000_000n

interface Event {
  readonly atMs: number
  run(atMs: number): void
}

export function createShop({ seed, startMs }: { seed: number; startMs: number }): Shop {
  return new ShopWorld(seed, startMs)
}

class ShopWorld implements Shop {
  readonly #random: () => number
  #agenda: Event[] = []
  #records: ShopRecord[] = []
  #orderCount = 0n
  readonly #stock = new Map<string, number>()

  constructor(seed: number, startMs: number) {
    this.#random = seededRandom(seed)
    this.#schedule(startMs, atMs => this.#viewPage(atMs))
    this.#schedule(startMs, atMs => this.#placeOrder(atMs))
    for (const { sku } of products) this.#schedule(startMs, atMs => this.#restock(sku, atMs))
  }

  advance(nowMs: number): readonly ShopRecord[] {
    for (;;) {
      const [next] = this.#agenda
      if (next === undefined || next.atMs > nowMs) break
      this.#agenda.shift()
      next.run(next.atMs)
    }
    const records = this.#records
    this.#records = []
    return records
  }

  #viewPage(atMs: number): void {
    const large = this.#oneIn(LARGE_ONE_IN)
    this.#write('shop.page-views', atMs, {
      // Nobody is logged in: such records have no key and go to any partition.
      key: this.#oneIn(3) ? null : `session-${this.#integer(400)}`,
      value: {
        viewId: this.#longId(),
        url: this.#pick(pages),
        agent: this.#pick(agents),
        durationMs: Math.round(this.#exponential(1_400)),
        loadedMs: Math.round(this.#exponential(180) * 100) / 100,
        ...(large ? { error: stackTrace() } : {}),
      },
    })
    this.#schedule(atMs + this.#exponential(PAGE_VIEW_MS), at => this.#viewPage(at))
  }

  #placeOrder(atMs: number): void {
    const id = FIRST_ORDER_ID + this.#orderCount * 1_048_583n
    this.#orderCount += 1n
    const customer = this.#pick(customers)
    const lines = Array.from({ length: 1 + this.#integer(4) }, () => {
      const product = this.#pick(products)
      return { ...product, quantity: 1 + this.#integer(3) }
    })
    const totalCents = lines.reduce((sum, line) => sum + line.priceCents * line.quantity, 0)
    this.#write('shop.orders', atMs, {
      key: id.toString(),
      value: {
        orderId: id,
        status: 'placed',
        customer: { id: this.#longId(), ...customer },
        lines,
        total: totalCents / 100,
        currency: customer.currency,
        note: this.#pick(notes),
        placedAt: new Date(atMs).toISOString(),
      },
    })
    for (const { sku, quantity } of lines) this.#sell(sku, quantity, atMs)
    const payment = { id, totalCents, currency: customer.currency }
    this.#schedule(atMs + 400 + this.#exponential(1_500), at => this.#pay(payment, at))
    this.#schedule(atMs + this.#exponential(ORDER_MS), at => this.#placeOrder(at))
  }

  #pay(order: { id: bigint; totalCents: number; currency: string }, atMs: number): void {
    const refused = this.#oneIn(REFUSED_ONE_IN)
    this.#write('shop.payments', atMs, {
      key: order.id.toString(),
      value: {
        paymentId: this.#longId(),
        orderId: order.id,
        amountCents: order.totalCents,
        currency: order.currency,
        status: refused ? 'refused' : 'paid',
        ...(refused ? { reason: this.#pick(['insufficient funds', 'expired card 💳']) } : {}),
      },
    })
    if (!refused)
      this.#schedule(atMs + 2_000 + this.#exponential(8_000), at => this.#ship(order.id, at))
  }

  #ship(id: bigint, atMs: number): void {
    const tracking = `OD${this.#longId()}`
    const carrier = this.#pick(['Česká pošta', 'DHL', '日本郵便'])
    this.#write('shop.shipments', atMs, {
      key: id.toString(),
      value: { orderId: id, tracking, carrier, weightGrams: 120 + this.#integer(3_000) },
    })
  }

  #sell(sku: string, quantity: number, atMs: number): void {
    const left = (this.#stock.get(sku) ?? 0) - quantity
    if (left > 0) {
      this.#setStock(sku, left, atMs)
      return
    }
    // Sold out: a tombstone takes it from the compacted topic until it is there again.
    this.#stock.delete(sku)
    this.#write('shop.inventory', atMs, { key: sku, value: null })
    this.#schedule(atMs + 5_000 + this.#exponential(20_000), at => this.#restock(sku, at))
  }

  #restock(sku: string, atMs: number): void {
    if (!this.#stock.has(sku)) this.#setStock(sku, 40 + this.#integer(200), atMs)
  }

  #setStock(sku: string, units: number, atMs: number): void {
    this.#stock.set(sku, units)
    this.#write('shop.inventory', atMs, { key: sku, value: { sku, units } })
  }

  #write(
    topic: ShopTopic,
    atMs: number,
    { key, value }: { readonly key: string | null; readonly value: unknown },
  ): void {
    const timestampMs = Math.floor(atMs)
    this.#records.push({
      topic,
      key,
      value: value === null ? null : toJson(value),
      headers: {
        'trace-id': this.#longId().toString(16),
        source: 'odradek-sample',
        ...(value === null ? {} : { 'content-type': 'application/json' }),
      },
      timestampMs,
    })
  }

  /** After what is already due at the same time. */
  #schedule(atMs: number, run: (atMs: number) => void): void {
    let at = this.#agenda.length
    while (at > 0 && this.#agenda[at - 1]!.atMs > atMs) at -= 1
    this.#agenda.splice(at, 0, { atMs, run })
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below)
  }

  #oneIn(count: number): boolean {
    return this.#integer(count) === 0
  }

  #pick<T>(options: readonly T[]): T {
    return options[this.#integer(options.length)]!
  }

  /** Waiting times of events that do not know of each other. */
  #exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random())
  }

  /** Nineteen digits. */
  #longId(): bigint {
    return 1_000_000_000_000_000_000n + BigInt(this.#integer(2 ** 31)) * 4_000_000_007n
  }
}

/** JSON as other languages write it: an int64 is a number with all of its digits. */
export function toJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`
  const fields = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${toJson(inner)}`,
  )
  return `{${fields.join(',')}}`
}

function stackTrace(): string {
  const frame = (line: number) => `    at renderSpool (https://shop.example/app.js:${line}:17)`
  return [
    'TypeError: this.spool is undefined',
    ...Array.from({ length: LARGE_LINES }, (_, i) => frame(i)),
  ].join('\n')
}

/** Mulberry32: small, fast and good enough for a shop. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
