/** An order of live figures that does not move what one is about to click. */

import { useState } from 'react'

export interface Ordered {
  readonly names: readonly string[]
  /** When the order was last decided. */
  readonly atMs: number
}

const KEPT_MS = 10_000

/**
 * Largest first, decided anew every ten seconds. Between that, names that came join at the end and
 * names that went leave their place.
 */
export function steadyOrder(
  before: Ordered,
  figures: readonly (readonly [name: string, figure: number])[],
  nowMs: number,
): Ordered {
  const ranked = [...figures]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name]) => name)
  if (before.names.length === 0 || nowMs - before.atMs >= KEPT_MS)
    return { names: ranked, atMs: nowMs }
  const present = new Set(ranked)
  const kept = before.names.filter(name => present.has(name))
  const known = new Set(kept)
  return { names: [...kept, ...ranked.filter(name => !known.has(name))], atMs: before.atMs }
}

/** The names in an order that is kept between drawings. */
export function useSteadyOrder(
  figures: readonly (readonly [name: string, figure: number])[],
  nowMs: number,
): readonly string[] {
  const [order, setOrder] = useState<Ordered>({ names: [], atMs: 0 })
  const next = steadyOrder(order, figures, nowMs)
  if (next.atMs !== order.atMs || next.names.join('\n') !== order.names.join('\n')) setOrder(next)
  return next.names
}
