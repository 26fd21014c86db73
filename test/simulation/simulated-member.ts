/**
 * A consumer group member, as a consumer is one: joins, takes its assignment, keeps its session
 * alive from beside, reads what it owns, and commits what it has read.
 */
import type { Api } from '../../engine/client/client-connection.ts'
import { errorName, KafkaError, type ErrorName } from '../../engine/protocol/errors.ts'
import { consumerProtocolSubscription } from '../../engine/protocol/consumer-protocol.ts'
import type { Fields, InputOf, ValueOf } from '../../engine/protocol/schema.ts'
import { apis } from './apis.ts'
import type { GroupHistory } from './group-history.ts'
import { verifyCommit } from './held-records.ts'
import type { PartitionHistory } from './partition-history.ts'
import type { SeededRandom } from './seeded-random.ts'
import { fetchFrom } from './simulated-reader.ts'
import { hold } from './violation.ts'
import { isExpected, type SimulatedClient, type World } from './world.ts'

export const SESSION_TIMEOUT_MS = 2_000
const HEARTBEAT_MS = 400
const REBALANCE_TIMEOUT_MS = 3_000
const REQUEST_TIMEOUT_MS = 1_200
const SUBSCRIPTION_VERSION = 1

interface Membership {
  readonly generation: number
  readonly era: number
  readonly owned: readonly PartitionHistory[]
  /** Of the leader: how many partitions it knew of; null of others. */
  readonly partitionCount: number | null
}

/** The commit may be in the log all the same, and committed under the next leader. */
const fromAMovingCoordinator: ReadonlySet<ErrorName> = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
])

export class SimulatedMember {
  readonly groupId: string
  readonly #world: World
  readonly #group: GroupHistory
  readonly #random: SeededRandom
  readonly #client: SimulatedClient
  readonly #positions = new Map<PartitionHistory, { offset: bigint; losses: number }>()
  #memberId = ''
  /** When the last heartbeat left that was answered well. */
  #aliveMs = 0
  #membership: Membership | null = null
  #mustRejoin = false
  #stopped = false

  constructor(world: World, name: string, groupId: string) {
    this.groupId = groupId
    this.#world = world
    this.#group = world.group(groupId)
    this.#random = world.random.stream(name)
    this.#client = world.newClient(name)
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  /** What it holds itself to own; null while it is between two generations. */
  get owned(): readonly PartitionHistory[] | null {
    return this.#mustRejoin ? null : (this.#membership?.owned ?? null)
  }

  /** Gone without a word: only its session's end tells. */
  crash(): void {
    this.#stopped = true
    this.#client.kill()
  }

  async leave(): Promise<void> {
    this.#stopped = true
    try {
      if (this.#memberId !== '')
        await this.#request(apis.leaveGroup, {
          groupId: this.groupId,
          members: [{ memberId: this.#memberId, groupInstanceId: null }],
        })
    } catch (error) {
      // The coordinator is away: the session ends by itself.
      if (!isExpected(error)) throw error
    }
    this.#client.kill()
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.#membership = null
        this.#mustRejoin = false
        const membership = await this.#join()
        if (membership !== null && !this.#stopped) {
          this.#membership = membership
          await this.#live(membership)
        }
      } catch (error) {
        // Brokers are away, and connections break: tried again.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
      }
      await this.#world.time.sleep(this.#random.between(20, 250))
    }
  }

  async #join(): Promise<Membership | null> {
    const { era } = this.#group
    const answer = await this.#request(
      apis.joinGroup,
      {
        groupId: this.groupId,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
        rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
        memberId: this.#memberId,
        protocolType: 'consumer',
        protocols: [{ name: 'simulated', metadata: this.#subscription() }],
      },
      REBALANCE_TIMEOUT_MS + SESSION_TIMEOUT_MS,
    )
    const error = errorName(answer.errorCode)
    if (error === 'MEMBER_ID_REQUIRED') {
      this.#memberId = answer.memberId
      return this.#join()
    }
    if (!this.#accepts(error)) return null
    const { generationId: generation, memberId, leader } = answer
    this.#memberId = memberId
    const leads = leader === memberId
    const partitionCount = leads ? this.#partitions().length : null
    const assignments = leads ? this.#assign(answer.members.map(member => member.memberId)) : []
    // The answer may wait for its record to be committed, while the group rebalances without us.
    this.#aliveMs = this.#world.time.nowMs
    const sync = await this.#request(
      apis.syncGroup,
      {
        groupId: this.groupId,
        generationId: generation,
        memberId,
        protocolType: 'consumer',
        protocolName: 'simulated',
        assignments,
      },
      REBALANCE_TIMEOUT_MS + SESSION_TIMEOUT_MS,
    )
    if (!this.#accepts(errorName(sync.errorCode))) return null
    const owned = this.#assigned(sync.assignment)
    if (era !== this.#group.era) return null
    const names = owned.map(({ name }) => name)
    this.#group.owns({ memberId, generation, leads }, names)
    if (owned.length > 0 && this.#random.chance(0.2))
      await this.#commit({ generation: generation - 1, era, owned, partitionCount }, owned[0]!, 0n)
    return { generation, era, owned, partitionCount }
  }

  /** Each partition of the stable topics goes to one of the members. */
  #assign(memberIds: readonly string[]) {
    const partitions = this.#partitions()
    const start = this.#random.integer(memberIds.length)
    return memberIds.map((memberId, index) => {
      const names = partitions
        .filter((_, place) => (place + start) % memberIds.length === index)
        .map(({ name }) => name)
      return { memberId, assignment: Buffer.from(JSON.stringify(names)) }
    })
  }

  #assigned(bytes: Uint8Array): PartitionHistory[] {
    if (bytes.length === 0) return []
    const names = new Set(JSON.parse(Buffer.from(bytes).toString()) as string[])
    return this.#partitions().filter(({ name }) => names.has(name))
  }

  #partitions(): PartitionHistory[] {
    return this.#world.stableTopics().flatMap(topic => topic.partitions)
  }

  #subscription(): Uint8Array {
    const topics = this.#world.stableTopics().map(({ name }) => name)
    const body = consumerProtocolSubscription.encode(
      { topics, userData: null },
      SUBSCRIPTION_VERSION,
    )
    return Buffer.concat([Buffer.from([0, SUBSCRIPTION_VERSION]), body])
  }

  async #live(membership: Membership): Promise<void> {
    const beating = this.#keepAlive(membership)
    this.#positions.clear()
    while (!this.#mustRejoin && !this.#stopped) {
      await this.#world.time.sleep(this.#random.between(5, 120))
      const { partitionCount } = membership
      // The leader hears of new partitions, and has them shared out.
      if (partitionCount !== null && partitionCount < this.#partitions().length) {
        this.#mustRejoin = true
        break
      }
      if (membership.owned.length === 0) continue
      const partition = this.#random.pick(membership.owned)
      try {
        await this.#consume(membership, partition)
      } catch (error) {
        // The partition's broker or the coordinator is away: tried again.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
      }
    }
    await beating
  }

  /** Heartbeats beside the reading. A session that was kept alive in time must not end. */
  async #keepAlive({ generation, era }: Membership): Promise<void> {
    while (!this.#mustRejoin && !this.#stopped) {
      await this.#world.time.sleep(HEARTBEAT_MS)
      if (this.#stopped) return
      try {
        const { connection, isCoordinator } = await this.#coordinator()
        if (this.#mustRejoin || this.#stopped) return
        const sentMs = this.#world.time.nowMs
        const answer = await connection.request(
          apis.heartbeat,
          {
            groupId: this.groupId,
            generationId: generation,
            memberId: this.#memberId,
          },
          { timeoutMs: REQUEST_TIMEOUT_MS },
        )
        const error = errorName(answer.errorCode)
        const isTrue = isCoordinator()
        this.#verifyKnown(error, era, isTrue)
        // One that was replaced and has not heard of it keeps nobody alive at the next one.
        if (error === 'NONE' && isTrue) this.#aliveMs = sentMs
        if (error !== 'NONE' && !this.#accepts(error)) this.#mustRejoin = true
      } catch (error) {
        // The coordinator is away: the next heartbeat finds the next one.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
      }
    }
  }

  #verifyKnown(error: ErrorName, era: number, isCoordinator: boolean): void {
    const silentMs = this.#world.time.nowMs - this.#aliveMs
    hold(
      error !== 'UNKNOWN_MEMBER_ID' ||
        silentMs >= SESSION_TIMEOUT_MS ||
        era !== this.#group.era ||
        !isCoordinator,
      `${this.groupId}: ${this.#memberId} is unknown ${silentMs} ms after a heartbeat`,
    )
  }

  async #consume(membership: Membership, partition: PartitionHistory): Promise<void> {
    const { client } = this.#client
    const { losses } = partition
    let position = this.#positions.get(partition)
    if (position?.losses !== losses) {
      position = { offset: await this.#committed(partition), losses }
      this.#positions.set(partition, position)
    }
    const fetched = await fetchFrom(this.#world, client, partition, position.offset, {
      knowsEpoch: true,
      maxWaitMs: this.#random.integer(200),
      minBytes: 1,
      maxBytes: 20_000,
    })
    if (fetched === 'astray') return
    if (fetched === 'out of range') {
      hold(
        partition.deletionAsked || partition.losses > 0,
        `${partition.name}: ${position.offset} is out of range for ${this.groupId}`,
      )
      position.offset = partition.logStartOffset
      return
    }
    for (const { offset, value } of fetched.records) {
      partition.saw(offset, value, losses)
      this.#group.processed(partition.name, offset)
    }
    const last = fetched.records.at(-1)
    if (last === undefined) return
    position.offset = last.offset + 1n
    await this.#commit(membership, partition, position.offset)
  }

  async #commit(
    { generation, era }: Membership,
    partition: PartitionHistory,
    offset: bigint,
  ): Promise<void> {
    if (this.#mustRejoin || era !== this.#group.era) return
    const { connection, isCoordinator } = await this.#coordinator()
    const isNow = () => !this.#mustRejoin && !this.#stopped && era === this.#group.era
    if (!isNow()) return
    const settle = this.#group.commits(partition.name, offset, generation)
    let error: ErrorName
    try {
      const answer = await connection.request(
        apis.offsetCommit,
        {
          groupId: this.groupId,
          generationIdOrMemberEpoch: generation,
          memberId: this.#memberId,
          topics: [
            {
              topicId: partition.topicId,
              name: partition.topic,
              partitions: [
                { partitionIndex: partition.index, committedOffset: offset, committedMetadata: '' },
              ],
            },
          ],
        },
        { timeoutMs: REQUEST_TIMEOUT_MS },
      )
      error = errorName(answer.topics[0]!.partitions[0]!.errorCode)
    } catch (error) {
      // Nobody knows whether the commit was made.
      settle('in-doubt')
      throw error
    }
    if (error === 'NONE' && era === this.#group.era)
      verifyCommit(this.#world, this.groupId, partition, offset)
    if (error === 'NONE') settle('acknowledged')
    else settle(fromAMovingCoordinator.has(error) ? 'in-doubt' : 'refused')
    if (generation < this.#group.generation || !isNow()) return
    this.#verifyKnown(error, era, isCoordinator())
    if (error !== 'NONE' && !this.#accepts(error)) this.#mustRejoin = true
  }

  async #committed(partition: PartitionHistory): Promise<bigint> {
    const learn = this.#group.asks(partition.name)
    const { connection, isCoordinator } = await this.#coordinator()
    const answer = await connection.request(
      apis.offsetFetch,
      {
        groups: [
          {
            groupId: this.groupId,
            topics: [
              {
                topicId: partition.topicId,
                name: partition.topic,
                partitionIndexes: [partition.index],
              },
            ],
          },
        ],
      },
      { timeoutMs: REQUEST_TIMEOUT_MS },
    )
    const group = answer.groups[0]!
    const found = group.topics[0]?.partitions[0]
    const error = errorName(group.errorCode === 0 ? (found?.errorCode ?? -1) : group.errorCode)
    if (found === undefined || error !== 'NONE') throw new KafkaError(error, partition.name)
    if (isCoordinator()) learn(found.committedOffset)
    return found.committedOffset < 0n ? partition.logStartOffset : found.committedOffset
  }

  /** False where the member has to join again; throws what is answered by trying again. */
  #accepts(error: ErrorName): boolean {
    switch (error) {
      case 'NONE':
        return true
      case 'UNKNOWN_MEMBER_ID':
        this.#memberId = ''
        return false
      case 'REBALANCE_IN_PROGRESS':
      case 'ILLEGAL_GENERATION':
        return false
      default:
        throw new KafkaError(error, `group ${this.groupId}`)
    }
  }

  /**
   * The broker that is taken for the coordinator; and, to be asked after its answer, whether it has
   * been so all the time. One that was replaced and has not heard of it answers what it knows.
   */
  async #coordinator() {
    const coordinator = { type: 'group-coordinator', groupId: this.groupId } as const
    const connection = await this.#client.client.connection(coordinator)
    const isCoordinator = this.#world.watchCoordinator(this.groupId, connection.address.host)
    return { connection, isCoordinator }
  }

  #request<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<ValueOf<S>> {
    const coordinator = { type: 'group-coordinator', groupId: this.groupId } as const
    return this.#client.client.request(coordinator, api, value, { timeoutMs })
  }
}
