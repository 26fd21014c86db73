/**
 * Whether all is well, and every reason why not. Pure: what was read goes in, reasons come out, the
 * worst first. A reason that another one explains stands beside it, as in Kafka's own metrics: a
 * partition below its min ISR is under-replicated too.
 */
import type { LocalNode } from '../clusters/local-nodes.ts'
import type { BrokerSummary, HealthReason } from '../contract/model/cluster.ts'
import type { QuorumDescription } from '../contract/model/replication.ts'
import type { Catalogue, LackingPartition } from '../lookups/catalogue.ts'
import { silentVoters } from '../lookups/quorum.ts'

const SUBJECTS_MAX = 100

export interface HealthFacts {
  readonly catalogue: Pick<Catalogue, 'topics'>
  readonly brokers: readonly BrokerSummary[]
  readonly controllers: Controllers
  /** Of topics whose partitions lack replicas; one that is left out does not tell. */
  readonly minIsr: ReadonlyMap<string, number>
  /** Replicas that a reassignment adds, by `topic-partition`. */
  readonly adding: ReadonlyMap<string, readonly number[]>
}

export interface Controllers {
  /** Null: nobody leads the quorum. */
  readonly leaderId: number | null
  readonly silent: readonly number[]
}

/**
 * `quorum`: null where nobody leads it. `local`: the nodes that run here; without a majority of the
 * voters nobody leads, whatever was last heard. `ledForMs`: since its leader was first seen to lead.
 */
export function controllersOf(
  quorum: QuorumDescription | null,
  local: readonly LocalNode[],
  ledForMs = 0,
): Controllers {
  const silent = new Set(
    local
      .filter(({ kind, state }) => kind !== 'broker' && state !== 'running' && state !== 'starting')
      .map(({ id }) => id),
  )
  const voters = quorum?.members.flatMap(({ id, voter }) => (voter ? [id] : [])) ?? []
  const lost = voters.filter(id => silent.has(id))
  const majority = (voters.length - lost.length) * 2 > voters.length
  if (quorum !== null) for (const id of silentVoters(quorum, ledForMs)) silent.add(id)
  const leaderId = majority ? (quorum?.leaderId ?? null) : null
  return { leaderId, silent: [...silent].sort((a, b) => a - b) }
}

export function healthOf(facts: HealthFacts): readonly HealthReason[] {
  const { brokers, controllers } = facts
  const { leaderless, belowMinIsr, atMinIsr, underReplicated } = partitionsOf(facts)
  const silent = brokers.filter(({ state }) => state !== 'online').map(({ id }) => String(id))
  const badDirs = brokers.flatMap(({ id, logDirs }) =>
    logDirs.flatMap(({ path, problem }) => (problem === null ? [] : `${id}: ${path}`)),
  )
  const noController = controllers.leaderId === null
  const silentControllers = controllers.silent.map(String)
  const reasons = [
    reason('error', 'OFFLINE_PARTITIONS', leaderless),
    reason('error', 'UNDER_MIN_ISR_PARTITIONS', belowMinIsr),
    noController ? { ...NO_CONTROLLER, severity: 'error' as const } : null,
    reason('error', 'BROKER_UNREACHABLE', silent),
    reason('error', 'LOG_DIR_OFFLINE', badDirs),
    reason(noController ? 'error' : 'warning', 'CONTROLLER_UNREACHABLE', silentControllers),
    reason('warning', 'AT_MIN_ISR_PARTITIONS', atMinIsr),
    reason('warning', 'UNDER_REPLICATED_PARTITIONS', underReplicated),
  ]
  return reasons.flatMap(each => each ?? [])
}

function partitionsOf({ catalogue, minIsr, adding }: HealthFacts) {
  const leaderless: string[] = []
  const belowMinIsr: string[] = []
  const atMinIsr: string[] = []
  const underReplicated: string[] = []
  for (const { name, offline, underReplicated: lacking, leaders } of catalogue.topics) {
    for (const partition of offline) leaderless.push(`${name}-${partition}`)
    for (const each of lacking) {
      if ((leaders.get(each.partition) ?? -1) < 0) continue
      const place = `${name}-${each.partition}`
      if (!isMissingOne(each, adding.get(place) ?? [])) continue
      underReplicated.push(place)
      // Kafka asks for no more than there are replicas.
      const min = Math.min(minIsr.get(name) ?? 0, each.replicas.length)
      if (each.isr.length < min) belowMinIsr.push(place)
      else if (each.isr.length === min) atMinIsr.push(place)
    }
  }
  return { leaderless, belowMinIsr, atMinIsr, underReplicated }
}

function isMissingOne({ replicas, isr }: LackingPartition, adding: readonly number[]): boolean {
  return replicas.some(id => !isr.includes(id) && !adding.includes(id))
}

/** What is wrong with one, and with many. */
const words = {
  OFFLINE_PARTITIONS: ['partition', 'has no leader', 'partitions', 'have no leader'],
  UNDER_MIN_ISR_PARTITIONS: [
    'partition',
    'is below its min ISR and refuses acks=all',
    'partitions',
    'are below their min ISR and refuse acks=all',
  ],
  AT_MIN_ISR_PARTITIONS: [
    'partition',
    'is at its min ISR: one more replica that leaves stops acks=all',
    'partitions',
    'are at their min ISR: one more replica that leaves stops acks=all',
  ],
  UNDER_REPLICATED_PARTITIONS: [
    'partition',
    'lacks an in-sync replica',
    'partitions',
    'lack in-sync replicas',
  ],
  BROKER_UNREACHABLE: ['broker', 'does not answer', 'brokers', 'do not answer'],
  CONTROLLER_UNREACHABLE: ['controller', 'does not answer', 'controllers', 'do not answer'],
  LOG_DIR_OFFLINE: ['log folder', 'is offline', 'log folders', 'are offline'],
} as const

const NO_CONTROLLER = {
  code: 'NO_CONTROLLER' as const,
  message: 'the cluster has no controller: nothing can be created or elected',
  subjects: [],
  subjectCount: 0,
}

function reason(
  severity: HealthReason['severity'],
  code: keyof typeof words,
  subjects: readonly string[],
): HealthReason | null {
  const count = subjects.length
  if (count === 0) return null
  const [noun, one, nouns, many] = words[code]
  const message = count === 1 ? `${noun} ${subjects[0]} ${one}` : `${count} ${nouns} ${many}`
  return { severity, code, message, subjects: subjects.slice(0, SUBJECTS_MAX), subjectCount: count }
}
