/**
 * Asks the controller for the ISRs that this broker's leaders propose (AlterPartition): many in one
 * request, one request under way, again after what time may mend.
 */
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { errorName, KafkaError, type ErrorName } from '../protocol/errors.ts'
import {
  alterPartitionRequest,
  alterPartitionResponse,
  type AlterPartitionResponse,
} from '../protocol/messages/alter-partition.ts'
import type { IsrProposal, PartitionLeader } from '../replica/partition-leader.ts'
import type { ControllerChannel } from './controller-channel.ts'
import type { Partition } from './partition.ts'

const RETRY_MS = 50
/**
 * The controller decides a request in one turn. One for ten thousand partitions, which a broker has to
 * ask for when another comes back, held it up for longer than its followers wait for it.
 */
const PARTITIONS_PER_REQUEST_MAX = 1_000
/** Whatever was the matter after an unclean election, its leader has dealt with when it leads. */
const RECOVERED = 0

const api = { request: alterPartitionRequest, response: alterPartitionResponse }

interface Asked {
  readonly partition: Partition
  readonly leading: PartitionLeader
  readonly proposal: IsrProposal
}

export interface IsrProposalsOptions {
  readonly brokerId: number
  readonly brokerEpoch: () => bigint
  readonly controller: ControllerChannel
  readonly clock: Clock
  readonly logger: Logger
  /** An answer raised the partition's high watermark, from an offset. */
  readonly onCommitted: (partition: Partition, from: bigint) => void
}

export class IsrProposals {
  readonly #options: IsrProposalsOptions
  readonly #waiting = new Set<Partition>()
  #sending = false
  #stopped = false
  #cancelPause: () => void = () => {}
  /** The last complaint, which is made once. */
  #said = ''

  constructor(options: IsrProposalsOptions) {
    this.#options = options
  }

  submit(partition: Partition): void {
    this.#waiting.add(partition)
    if (this.#sending || this.#stopped) return
    this.#sending = true
    // What the rest of this turn proposes goes with it.
    queueMicrotask(() => void this.#send())
  }

  stop(): void {
    this.#stopped = true
    this.#cancelPause()
  }

  async #send(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#stopped) {
      const asked = this.#take()
      if (asked.length > 0 && !(await this.#ask(asked)) && !this.#stopped) await this.#pause()
    }
    this.#sending = false
  }

  #take(): readonly Asked[] {
    const asked: Asked[] = []
    for (const partition of this.#waiting) {
      if (asked.length === PARTITIONS_PER_REQUEST_MAX) break
      this.#waiting.delete(partition)
      const { leading } = partition
      const proposal = leading?.takeProposal() ?? null
      if (leading !== null && proposal !== null) asked.push({ partition, leading, proposal })
    }
    return asked
  }

  /** Says whether the controller answered; where it did not, the proposals wait again. */
  async #ask(asked: readonly Asked[]): Promise<boolean> {
    const { brokerId, brokerEpoch, controller, logger } = this.#options
    try {
      const answer = await controller.request(api, {
        brokerId,
        brokerEpoch: brokerEpoch(),
        topics: topicsOf(asked),
      })
      if (answer.errorCode === 0) {
        this.#said = ''
        return this.#settle(asked, answer)
      }
      throw new KafkaError(errorName(answer.errorCode), 'AlterPartition is refused')
    } catch (error) {
      // Waiting for a controller that is away, or does not know this broker yet.
      if (!(error instanceof KafkaError)) throw error
      if (!this.#stopped && this.#said !== error.message)
        logger.warn(`ISR: ${error.message}; asking again`)
      this.#said = error.message
      for (const each of asked) this.#refuse(each, 'NETWORK_EXCEPTION')
      return false
    }
  }

  #settle(asked: readonly Asked[], answer: AlterPartitionResponse): boolean {
    const answers = new Map(
      answer.topics.flatMap(({ topicId, partitions }) =>
        partitions.map(each => [`${topicId}/${each.partitionIndex}`, each] as const),
      ),
    )
    let allAnswered = true
    for (const each of asked) {
      const { partition, leading, proposal } = each
      const answered = answers.get(`${partition.topicId}/${partition.index}`)
      if (answered === undefined || answered.errorCode !== 0) {
        const error =
          answered === undefined ? 'UNKNOWN_SERVER_ERROR' : errorName(answered.errorCode)
        this.#options.logger.info(`${partition.name}: the controller refuses the ISR: ${error}`)
        this.#refuse(each, error)
        if (leading.hasUnsentProposal) allAnswered = false
        continue
      }
      const { isr, leaderEpoch, partitionEpoch } = answered
      const before = partition.highWatermark
      const committed = { type: 'committed', isr, leaderEpoch, partitionEpoch } as const
      leading.proposalAnswered(proposal, committed, this.#options.clock.nowMs())
      this.#tell(each, before)
    }
    return allAnswered
  }

  #refuse(asked: Asked, error: ErrorName): void {
    const { partition, leading, proposal } = asked
    const before = partition.highWatermark
    leading.proposalAnswered(proposal, { type: 'refused', error }, this.#options.clock.nowMs())
    this.#tell(asked, before)
  }

  #tell({ partition, leading }: Asked, before: bigint): void {
    // It may have stopped leading while the controller thought.
    if (partition.leading !== leading) return
    if (leading.hasUnsentProposal) this.#waiting.add(partition)
    if (partition.highWatermark > before) this.#options.onCommitted(partition, before)
  }

  #pause(): Promise<void> {
    const { clock } = this.#options
    return new Promise(resolve => {
      const cancel = clock.at(clock.nowMs() + RETRY_MS, resolve)
      this.#cancelPause = () => {
        cancel()
        resolve()
      }
    })
  }
}

function topicsOf(asked: readonly Asked[]) {
  const byTopic = new Map<string, Asked[]>()
  for (const each of asked) {
    const others = byTopic.get(each.partition.topicId)
    if (others === undefined) byTopic.set(each.partition.topicId, [each])
    else others.push(each)
  }
  return [...byTopic].map(([topicId, ofTopic]) => ({
    topicId,
    partitions: ofTopic.map(({ partition, proposal }) => ({
      partitionIndex: partition.index,
      leaderEpoch: proposal.leaderEpoch,
      newIsrWithEpochs: proposal.isr,
      leaderRecoveryState: RECOVERED,
      partitionEpoch: proposal.partitionEpoch,
    })),
  }))
}
