/**
 * What every committed change of a partition has to keep to: who may lead, who may be in the ISR,
 * and how the epochs count. It remembers who came into an ISR when: from then on, and for as long
 * as he is eligible to lead, a broker holds all that is committed, unless his power goes.
 */
import type { MetadataChange, MetadataImage } from '../../engine/controller/metadata-image.ts'
import { NO_LEADER, type PartitionImage } from '../../engine/controller/image-entries.ts'
import { hold } from './violation.ts'

export interface Place {
  readonly topic: string
  readonly topicId: string
  readonly index: number
}

type PartitionChanged = Extract<MetadataChange, { readonly type: 'partition-changed' }>

export interface PartitionRulesOptions {
  readonly image: () => MetadataImage
  readonly nowMs: () => number
  readonly say: (line: string) => void
  /** Nothing breaks: nobody is given up. */
  readonly isQuiet: () => boolean
  /** A broker leads that was neither in the ISR nor eligible: records may be lost with it. */
  readonly onUnclean: (place: Place, leader: number, before: PartitionImage) => void
}

export class PartitionRules {
  readonly #options: PartitionRulesOptions
  /** By partition and broker: when it last came into the ISR. Kept when it leaves. */
  readonly #joinedMs = new Map<string, number>()
  /** By broker: when the registration that is committed was. */
  readonly #registeredMs = new Map<number, number>()
  readonly #members = new Set<string>()
  /** By partition and leader epoch. */
  readonly #leaders = new Map<string, number>()
  elections = 0

  constructor(options: PartitionRulesOptions) {
    this.#options = options
  }

  /**
   * Since when a broker holds what it must for being in the ISR; -Infinity for one that was never
   * in it. Whoever lost his power in his present registration may still be taken into an ISR that
   * he was about to join: the next registration takes him out again.
   */
  holdsSinceMs({ topicId, index }: Omit<Place, 'topic'>, brokerId: number): number {
    const joinedMs = this.#joinedMs.get(`${topicId}/${index}/${brokerId}`) ?? -Infinity
    return Math.min(joinedMs, this.#registeredMs.get(brokerId) ?? Infinity)
  }

  /** Who leads, led or may have led in a leader epoch; undefined before it is committed. */
  leaderIn({ topicId, index }: Omit<Place, 'topic'>, leaderEpoch: number): number | undefined {
    return this.#leaders.get(`${topicId}/${index}/${leaderEpoch}`)
  }

  changed(change: MetadataChange): void {
    if (change.type === 'broker-changed') {
      const { before, after } = change
      if (after.brokerEpoch !== before?.brokerEpoch)
        this.#registeredMs.set(after.brokerId, this.#options.nowMs())
      hold(
        before === null || before.fenced || !after.fenced || !this.#options.isQuiet(),
        `broker ${after.brokerId} is fenced, and nothing is broken`,
      )
    }
    if (change.type !== 'partition-changed') return
    const { topic, partitionIndex, before, after } = change
    const place = { topic: topic.name, topicId: topic.topicId, index: partitionIndex }
    this.#options.say(`${topic.name}-${partitionIndex}: ${describe(after)}`)
    verifyState(`${topic.name}-${partitionIndex}`, after)
    if (before !== null) {
      verifyEpochs(place, before, after)
      if (this.#options.isQuiet()) verifyStays(place, before, after)
      if (after.leader !== before.leader && after.leader !== NO_LEADER)
        this.#elected(place, before, change)
    }
    this.#leaders.set(`${place.topicId}/${place.index}/${after.leaderEpoch}`, after.leader)
    this.#noteMembers(place, after)
  }

  /** To be called between decisions: who leads is there. */
  verifyLeaders(): void {
    const { topicsByName, brokers } = this.#options.image()
    for (const { name, partitions } of topicsByName.values())
      for (const [index, { leader }] of partitions.entries())
        hold(
          leader === NO_LEADER || brokers.get(leader)?.fenced === false,
          `${name}-${index} is led by broker ${leader}, which is fenced or unknown`,
        )
  }

  #elected(place: Place, before: PartitionImage, { after }: PartitionChanged): void {
    this.elections++
    const { leader } = after
    const moved = before.addingReplicas.length + before.removingReplicas.length > 0
    const isClean =
      before.isr.includes(leader) ||
      before.eligibleLeaderReplicas.includes(leader) ||
      // A leader's request that finishes a reassignment may take it into the ISR and elect it. One
      // that has to recover was elected while nobody could make that request.
      (moved &&
        before.leader !== NO_LEADER &&
        after.removingReplicas.length === 0 &&
        after.leaderRecoveryState === 0)
    if (isClean) return
    hold(
      after.leaderRecoveryState === 1 && after.isr.length === 1,
      `${place.topic}-${place.index}: ${leader} leads as if it were in the ISR ` +
        `[${before.isr.join()}] or eligible [${before.eligibleLeaderReplicas.join()}]`,
    )
    this.#options.onUnclean(place, leader, before)
  }

  #noteMembers({ topicId, index }: Place, after: PartitionImage): void {
    const members = new Set([...after.isr, ...after.eligibleLeaderReplicas])
    for (const brokerId of after.replicas) {
      const key = `${topicId}/${index}/${brokerId}`
      const isNew = members.has(brokerId) && !this.#members.has(key)
      if (members.has(brokerId)) this.#members.add(key)
      else this.#members.delete(key)
      if (isNew) this.#joinedMs.set(key, this.#options.nowMs())
    }
  }
}

function describe(partition: PartitionImage): string {
  const { leader, leaderEpoch, partitionEpoch, isr, replicas } = partition
  const { eligibleLeaderReplicas: elr, lastKnownElr } = partition
  return (
    `replicas ${replicas.join()}, leader ${leader} in epoch ${leaderEpoch}, ISR ${isr.join()}` +
    (elr.length > 0 ? `, eligible ${elr.join()}` : '') +
    (lastKnownElr.length > 0 ? `, last known ${lastKnownElr.join()}` : '') +
    ` (${partitionEpoch})`
  )
}

function verifyState(name: string, partition: PartitionImage): void {
  const { leader, isr, replicas, eligibleLeaderReplicas: elr } = partition
  hold(
    leader === NO_LEADER || isr.includes(leader),
    `${name}: leader ${leader} is not in the ISR [${isr.join()}]`,
  )
  for (const [what, list] of [
    ['ISR', isr],
    ['eligible leader replicas', elr],
  ] as const) {
    hold(new Set(list).size === list.length, `${name}: ${what} [${list.join()}] says one twice`)
    hold(
      list.every(id => replicas.includes(id)),
      `${name}: ${what} [${list.join()}] are not all replicas [${replicas.join()}]`,
    )
  }
  hold(
    !elr.some(id => isr.includes(id)),
    `${name}: ISR [${isr.join()}] and eligible leader replicas [${elr.join()}] overlap`,
  )
}

/** Where nothing breaks, whoever is in the ISR stays in it for as long as he is a replica. */
function verifyStays(place: Place, before: PartitionImage, after: PartitionImage): void {
  hold(
    before.isr.every(id => after.isr.includes(id) || !after.replicas.includes(id)),
    `${place.topic}-${place.index}: the ISR [${before.isr.join()}] shrinks to ` +
      `[${after.isr.join()}], and nothing is broken`,
  )
}

function verifyEpochs(place: Place, before: PartitionImage, after: PartitionImage): void {
  const name = `${place.topic}-${place.index}`
  hold(
    after.partitionEpoch === before.partitionEpoch + 1,
    `${name}: partition epoch ${before.partitionEpoch}, then ${after.partitionEpoch}`,
  )
  const step = after.leaderEpoch - before.leaderEpoch
  hold(
    step === 1 || (step === 0 && after.leader === before.leader),
    `${name}: leader ${before.leader} of epoch ${before.leaderEpoch}, ` +
      `then ${after.leader} of epoch ${after.leaderEpoch}`,
  )
}
