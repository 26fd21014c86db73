/**
 * Who leads a partition. Pure: from the partition's state and who is alive to a broker id.
 *
 * A clean leader comes from the ISR, or, while that is empty, from the eligible leader replicas
 * (KIP-966): both are known to have every committed record. Any other leader is unclean.
 */
import { NO_LEADER } from './image-entries.ts'

/**
 * `online` keeps the leader as long as it may lead. `preferred` goes back to the first replica
 * where that is possible. `unclean` takes any replica that is alive rather than none.
 */
export type Election = 'online' | 'preferred' | 'unclean'

export interface ElectionInput {
  readonly election: Election
  readonly leader: number
  /** In the order of preference. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly eligibleLeaderReplicas: readonly number[]
  /** The last leader of a partition that lost its whole ISR; null where that is not known. */
  readonly lastKnownLeader: number | null
  /** Whether a broker may lead: registered, not fenced, not shutting down, its folder online. */
  readonly acceptable: (brokerId: number) => boolean
}

export interface Elected {
  /** NO_LEADER when nobody may. */
  readonly leader: number
  /** Whether committed records may be missing from the leader's log. */
  readonly unclean: boolean
}

export function elect(input: ElectionInput): Elected {
  const { election, leader, replicas, isr, eligibleLeaderReplicas, acceptable } = input
  const electable = isr.length > 0 ? isr : eligibleLeaderReplicas
  const mayLead = (id: number): boolean => electable.includes(id) && acceptable(id)
  const candidates =
    election === 'preferred' ? [replicas[0]!, leader, ...replicas] : [leader, ...replicas]
  const clean = candidates.find(mayLead)
  if (clean !== undefined) return { leader: clean, unclean: false }

  const { lastKnownLeader } = input
  if (electable.length === 0 && lastKnownLeader !== null && acceptable(lastKnownLeader))
    return { leader: lastKnownLeader, unclean: true }
  const any = election === 'unclean' ? replicas.find(acceptable) : undefined
  return any === undefined ? { leader: NO_LEADER, unclean: false } : { leader: any, unclean: true }
}
