/** What a replication factor and a min ISR mean for the records, where that may surprise. */

export type DurabilityNote = 'oneReplica' | 'minIsrAbove' | 'minIsrIsAll' | 'minIsrOne'

/** The worst of them; null where both are as most people mean them. */
export function durabilityNote(factor: number, minIsr: number): DurabilityNote | null {
  if (minIsr > factor) return 'minIsrAbove'
  if (factor === 1) return 'oneReplica'
  if (minIsr === factor) return 'minIsrIsAll'
  return minIsr === 1 ? 'minIsrOne' : null
}
