/** `topic.list`: every topic from one Metadata answer, once for each time that something changed. */
import type { Client } from '../../engine/client/client.ts'
import { ZERO_UUID } from '../../engine/protocol/schema.ts'
import { columnsOf } from '../contract/columns.ts'
import type { TopicListing, TopicSummary } from '../contract/model/topic.ts'
import { readCatalogue, type Catalogue, type CatalogueTopic } from '../lookups/catalogue.ts'
import { codeProblem, type MetadataTopic } from '../lookups/cluster-topics.ts'

const listings = new WeakMap<Catalogue, TopicListing>()

/** `known`: the version of the listing that the page has. */
export async function listTopics(client: Client, known: string | undefined): Promise<TopicListing> {
  const catalogue = await readCatalogue(client)
  const { version, topics } = catalogue
  if (version === known) return { version, topics: null }
  const listing = listings.get(catalogue) ?? {
    version,
    topics: columnsOf(topics.map(listed), SUMMARY_FIELDS),
  }
  listings.set(catalogue, listing)
  return listing
}

const SUMMARY_FIELDS: Readonly<Record<keyof TopicSummary, true>> = {
  name: true,
  id: true,
  internal: true,
  partitionCount: true,
  replicationFactor: true,
  underReplicatedCount: true,
  offlineCount: true,
  problem: true,
}

function listed(topic: CatalogueTopic): TopicSummary {
  const { name, id, internal, partitionCount, replicationFactor, errorCode } = topic
  return {
    name,
    id,
    internal,
    partitionCount,
    replicationFactor,
    underReplicatedCount: topic.underReplicated.length,
    offlineCount: topic.offline.length,
    problem: codeProblem(errorCode, `topic ${name === '' ? id : name}`),
  }
}

export function summaryOf(topic: MetadataTopic): TopicSummary {
  const { name, topicId, isInternal, partitions, errorCode } = topic
  let underReplicatedCount = 0
  let offlineCount = 0
  for (const { leaderId, isrNodes, replicaNodes } of partitions) {
    if (leaderId < 0) offlineCount += 1
    if (isrNodes.length < replicaNodes.length) underReplicatedCount += 1
  }
  return {
    name: name ?? '',
    id: topicId === ZERO_UUID ? null : topicId,
    internal: isInternal,
    partitionCount: partitions.length,
    replicationFactor: partitions[0]?.replicaNodes.length ?? 0,
    underReplicatedCount,
    offlineCount,
    problem: codeProblem(errorCode, `topic ${name ?? topicId}`),
  }
}
