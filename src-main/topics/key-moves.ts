/**
 * `topic.key-moves`: what more partitions do to keys. The partitioner of Apache Kafka's clients
 * takes the hash modulo the number of partitions, so most keys get another partition, and records
 * of one key are then in two.
 */
import type { Client } from '../../engine/client/client.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { isControl, wholeBatches } from '../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../engine/protocol/records/record-reader.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import type { KeyMoves, KeySample } from '../contract/model/topic.ts'
import {
  byLeader,
  describeMetadata,
  leadersOf,
  type TopicLeaders,
} from '../lookups/cluster-topics.ts'
import { EARLIEST, LATEST, listOffsets } from '../lookups/list-offsets.ts'
import { javaPartition } from '../partitioners/partitioners.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 12
/** Small on purpose: the pages' reads wait for it in the same thread. */
const SAMPLED_PARTITIONS_MAX = 32
const SAMPLED_RECORDS_MAX = 400
const PARTITION_BYTES_MAX = 64 * 1024
const BATCH_BYTES_MAX = 4 * 1024 * 1024
const EXAMPLES_MAX = 5
const KEY_TEXT_MAX = 40

export async function keyMoves(
  client: Client,
  { topic, count }: { readonly topic: string; readonly count: number },
): Promise<KeyMoves> {
  const leaders = leadersOf(await describeMetadata(client, topic))
  const before = leaders.leaders.size
  const records = await newestKeys(client, leaders)
  return {
    share: movingShare(before, count),
    sample: records.length === 0 ? null : sampleOf(records, before, count),
  }
}

/**
 * The part of all hashes that gives another partition: a hash stays where its remainders are equal,
 * which happens for `before` values of each least common multiple of the two.
 */
export function movingShare(before: number, after: number): number {
  if (after <= before) return 0
  return 1 - greatestCommonDivisor(before, after) / after
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

export interface KeyedRecord {
  readonly partition: number
  readonly key: Uint8Array | null
}

export function sampleOf(
  records: readonly KeyedRecord[],
  before: number,
  after: number,
): KeySample {
  const seen = new Set<string>()
  const examples: { key: string; from: number; to: number }[] = []
  let [movedCount, elsewhereCount, withoutKeyCount] = [0, 0, 0]
  for (const { partition, key } of records) {
    if (key === null) {
      withoutKeyCount += 1
      continue
    }
    const identity = latin1.decode(key)
    if (seen.has(identity)) continue
    seen.add(identity)
    const from = javaPartition(key, before)
    const to = javaPartition(key, after)
    if (from !== partition) elsewhereCount += 1
    if (from === to) continue
    movedCount += 1
    if (examples.length < EXAMPLES_MAX) examples.push({ key: textOf(key), from, to })
  }
  return {
    keyCount: seen.size,
    movedCount,
    elsewhereCount,
    recordCount: records.length,
    withoutKeyCount,
    examples,
  }
}

/** Every byte as one character, so that equal texts are equal bytes. */
const latin1 = new TextDecoder('latin1')
const utf8 = new TextDecoder()

function textOf(key: Uint8Array): string {
  const text = utf8.decode(key.subarray(0, KEY_TEXT_MAX * 4))
  return text.length > KEY_TEXT_MAX ? `${text.slice(0, KEY_TEXT_MAX)}…` : text
}

async function newestKeys(client: Client, all: TopicLeaders): Promise<readonly KeyedRecord[]> {
  const sampled: TopicLeaders = {
    topic: all.topic,
    leaders: new Map(
      [...all.leaders].filter(([, leader]) => leader >= 0).slice(0, SAMPLED_PARTITIONS_MAX),
    ),
  }
  const [starts, ends] = await Promise.all([
    listOffsets(client, [sampled], EARLIEST),
    listOffsets(client, [sampled], LATEST),
  ])
  const offsetAt = (partition: number): bigint => {
    const start = starts.get(all.topic)?.get(partition)
    const end = ends.get(all.topic)?.get(partition)
    const [first, last] = [start, end].map(each => (each?.type === 'found' ? each.offset : 0n))
    const from = last! - BigInt(SAMPLED_RECORDS_MAX)
    return from < first! ? first! : from
  }
  const shares = [...byLeader([sampled])].map(async ([brokerId, [share]]) => {
    const answer = await client.request(
      { type: 'broker', brokerId },
      api,
      {
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: PARTITION_BYTES_MAX * SAMPLED_PARTITIONS_MAX,
        isolationLevel: 0,
        topics: [
          {
            topic: all.topic,
            partitions: [...share!.leaders.keys()].map(partition => ({
              partition,
              fetchOffset: offsetAt(partition),
              partitionMaxBytes: PARTITION_BYTES_MAX,
            })),
          },
        ],
      },
      { versionMax: NAMED_VERSION_MAX },
    )
    return answer.responses
      .flatMap(({ partitions }) => partitions)
      .flatMap(({ partitionIndex, records }) => keysIn(partitionIndex, records))
  })
  return (await Promise.all(shares)).flat()
}

function keysIn(partition: number, bytes: Uint8Array | null): readonly KeyedRecord[] {
  const keys: KeyedRecord[] = []
  if (bytes === null) return keys
  try {
    for (const { at } of wholeBatches(bytes)) {
      if (isControl(bytes, at)) continue
      for (const { key } of readRecords(bytes, at, { maxBytes: BATCH_BYTES_MAX }))
        keys.push({ partition, key: key === null ? null : key.slice() })
      if (keys.length >= SAMPLED_RECORDS_MAX) break
    }
  } catch (error) {
    // A batch that cannot be read, or is too large to, is left out of a sample.
    if (!(error instanceof KafkaError)) throw error
  }
  return keys
}
