/**
 * All topics of a cluster, boiled down to what lists and overviews need. A catalogue is asked for
 * again and again and seldom differs, so equal answers give the very same one: what was made of it
 * is kept with it, and nothing is read twice.
 */
import type { Client } from '../../engine/client/client.ts'
import { metadataRequest, metadataResponse } from '../../engine/protocol/messages/metadata.ts'
import type { Reader } from '../../engine/protocol/reader.ts'
import { message, ZERO_UUID } from '../../engine/protocol/schema.ts'
import { ContractError } from '../contract/define.ts'
import { codeProblem, type MetadataTopic } from './cluster-topics.ts'
import { inSlices, refusingInvalid, unread } from './unread-answer.ts'

export interface Catalogue {
  /** Equal for equal contents, as long as this process lives. */
  readonly version: string
  readonly topics: readonly CatalogueTopic[]
  readonly partitionCount: number
  /** What each broker holds, also of brokers that are not there. */
  readonly tallies: ReadonlyMap<number, Tally>
  /** By the broker that is preferred as their leader. */
  readonly preferred: ReadonlyMap<number, PreferredTally>
}

export interface CatalogueTopic {
  readonly name: string
  /** Null before Kafka 2.8. */
  readonly id: string | null
  readonly internal: boolean
  readonly errorCode: number
  readonly partitionCount: number
  /** Of the first partition. */
  readonly replicationFactor: number
  /** Partitions whose ISR lacks a replica, in order. */
  readonly underReplicated: readonly LackingPartition[]
  /** Partitions that nobody leads, in order. */
  readonly offline: readonly number[]
  /** By partition, in order; -1 where nobody leads. */
  readonly leaders: ReadonlyMap<number, number>
}

export interface LackingPartition {
  readonly partition: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

export interface Tally {
  leaderCount: number
  replicaCount: number
  inSyncCount: number
}

/** Partitions whose preferred leader a broker is, and how many of them it leads. */
export interface PreferredTally {
  count: number
  ledCount: number
}

const api = { request: metadataRequest, response: unread(metadataResponse) }
const { brokers: brokersField, topics: topicsField } = metadataResponse.fields
const { versions, flexibleSince } = metadataResponse
const brokerEntry = message({
  name: 'MetadataResponse broker',
  versions,
  flexibleSince,
  fields: brokersField.element!.fields!,
})
const topicEntry = message({
  name: 'MetadataResponse topic',
  versions,
  flexibleSince,
  fields: topicsField.element!.fields!,
})

interface Known {
  readonly answer: Uint8Array
  readonly catalogue: Catalogue
}

const known = new WeakMap<Client, Known>()
let catalogueCount = 0

/** Every topic that the cluster tells of, as it is now. */
export async function readCatalogue(client: Client): Promise<Catalogue> {
  const { reader, version } = await client.request({ type: 'any' }, api, {
    topics: null,
    allowAutoTopicCreation: false,
  })
  const answer = reader.bytes.subarray(reader.position, reader.end)
  const before = known.get(client)
  if (before !== undefined && Buffer.compare(before.answer, answer) === 0) return before.catalogue
  const catalogue = await refusingInvalid('Metadata', () => readTopics(reader, version))
  known.set(client, { answer, catalogue })
  return catalogue
}

/** Every topic that the cluster tells of, one after the other; in slices, so that others go on. */
export async function visitTopics(
  client: Client,
  visit: (topic: MetadataTopic) => void,
): Promise<void> {
  const { reader, version } = await client.request({ type: 'any' }, api, {
    topics: null,
    allowAutoTopicCreation: false,
  })
  await refusingInvalid('Metadata', () => eachTopic(reader, version, visit))
}

async function readTopics(reader: Reader, version: number): Promise<Catalogue> {
  const builder = new CatalogueBuilder()
  await eachTopic(reader, version, topic => builder.add(topic))
  return builder.finish()
}

async function eachTopic(
  reader: Reader,
  version: number,
  visit: (topic: MetadataTopic) => void,
): Promise<void> {
  const flexible = metadataResponse.flexible(version)
  if (version >= 3) reader.int32()
  const brokerCount = reader.arrayLength(flexible)
  for (let index = 0; index < brokerCount; index++) brokerEntry.read(reader, version)
  if (version >= 2) reader.skip(Math.max(reader.stringLength(flexible), 0))
  if (version >= 1) reader.int32()

  await inSlices(reader.arrayLength(flexible), () => {
    const topic = topicEntry.read(reader, version) as MetadataTopic
    visit(topic)
    return topic.partitions.length + 1
  })
  if (version >= 8 && version <= 10) reader.int32()
  const problem = codeProblem(version >= 13 ? reader.int16() : 0, 'the list of topics')
  if (problem !== null) throw new ContractError(problem)
}

const NONE: readonly never[] = []

export class CatalogueBuilder {
  readonly #topics: CatalogueTopic[] = []
  readonly #tallies = new Map<number, Tally>()
  readonly #preferred = new Map<number, PreferredTally>()
  #partitionCount = 0

  add({ name, topicId, isInternal, errorCode, partitions }: MetadataTopic): void {
    const leaders = new Map<number, number>()
    let underReplicated: LackingPartition[] | null = null
    let offline: number[] | null = null
    for (const { partitionIndex, leaderId, replicaNodes, isrNodes } of inOrder(partitions)) {
      leaders.set(partitionIndex, leaderId)
      if (leaderId < 0) (offline ??= []).push(partitionIndex)
      if (isrNodes.length < replicaNodes.length)
        (underReplicated ??= []).push({
          partition: partitionIndex,
          replicas: replicaNodes,
          isr: isrNodes,
        })
      if (leaderId >= 0) this.#tally(leaderId).leaderCount += 1
      for (const id of replicaNodes) this.#tally(id).replicaCount += 1
      for (const id of isrNodes) this.#tally(id).inSyncCount += 1
      if (replicaNodes.length > 0) this.#tallyPreferred(replicaNodes[0]!, leaderId)
    }
    this.#partitionCount += partitions.length
    this.#topics.push({
      name: name ?? '',
      id: topicId === ZERO_UUID ? null : topicId,
      internal: isInternal,
      errorCode,
      partitionCount: partitions.length,
      replicationFactor: partitions[0]?.replicaNodes.length ?? 0,
      underReplicated: underReplicated ?? NONE,
      offline: offline ?? NONE,
      leaders,
    })
  }

  finish(): Catalogue {
    catalogueCount += 1
    return {
      version: `${process.pid}-${catalogueCount}`,
      topics: this.#topics,
      partitionCount: this.#partitionCount,
      tallies: this.#tallies,
      preferred: this.#preferred,
    }
  }

  #tallyPreferred(preferred: number, leader: number): void {
    const tally = this.#preferred.get(preferred) ?? { count: 0, ledCount: 0 }
    tally.count += 1
    if (preferred === leader) tally.ledCount += 1
    this.#preferred.set(preferred, tally)
  }

  #tally(brokerId: number): Tally {
    let tally = this.#tallies.get(brokerId)
    if (tally === undefined) {
      tally = { leaderCount: 0, replicaCount: 0, inSyncCount: 0 }
      this.#tallies.set(brokerId, tally)
    }
    return tally
  }
}

/** Brokers list them in order, but need not. */
function inOrder(partitions: MetadataTopic['partitions']): MetadataTopic['partitions'] {
  const ordered = partitions.every(({ partitionIndex }, index) => partitionIndex === index)
  return ordered ? partitions : [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
}
