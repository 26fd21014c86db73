/**
 * The records that consumers would begin with: one Fetch per broker for many partitions, a second
 * and a third with more bytes for those that came back empty, and then it is left at that.
 */
import type { Client } from '../../engine/client/client.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import {
  baseOffsetOf,
  isControl,
  isTransactional,
  lastOffsetOf,
  recordCountOf,
  wholeBatches,
} from '../../engine/protocol/records/record-batch.ts'
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { recordsOf, timestampsOf } from '../../engine/protocol/records/record-reader.ts'
import type { Problem } from '../contract/define.ts'
import type { LandedValue, LandingRecord } from '../contract/model/offset.ts'
import { problemOf } from '../contract/problem.ts'
import { decodeLine } from '../decode/line.ts'
import { byLeader, codeProblem, leadersOf, noLeader } from '../lookups/cluster-topics.ts'
import { keyOf } from './plan.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 12
const ANSWER_BYTES_MAX = 16 * 1024 * 1024
/** For a batch of that size the next round asks for more. */
const ROUND_BYTES = [16 * 1024, 256 * 1024, 4 * 1024 * 1024] as const
const FETCH_TIMEOUT_MS = 15_000
const LINE_CHARS_MAX = 300

interface LandingPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

type Landing = LandingRecord['landing']

export async function findLandings(
  client: Client,
  places: readonly LandingPlace[],
  signal: AbortSignal,
): Promise<readonly LandingRecord[]> {
  const found = new Map<string, Landing>()
  // Where a batch holds nothing past the offset, the search goes on behind it.
  let open = new Map(places.map(place => [keyOf(place), place]))
  const leaders = await leaderTable(client, places, found)
  for (const key of found.keys()) open.delete(key)
  for (const maxBytes of ROUND_BYTES) {
    if (open.size === 0) break
    signal.throwIfAborted()
    const answers = await fetchFrom(client, leaders, [...open.values()], maxBytes)
    const next = new Map<string, LandingPlace>()
    for (const [key, place] of open) {
      const outcome = landingIn(place, answers.get(key))
      if ('goOn' in outcome) next.set(key, { ...place, offset: outcome.goOn })
      else found.set(key, outcome)
    }
    open = next
  }
  return places.map(place => ({
    topic: place.topic,
    partition: place.partition,
    offset: place.offset,
    landing: found.get(keyOf(place)) ?? { type: 'far' },
  }))
}

async function leaderTable(
  client: Client,
  places: readonly LandingPlace[],
  found: Map<string, Landing>,
): Promise<ReadonlyMap<string, number>> {
  const table = new Map<string, number>()
  if (places.length === 0) return table
  const { topics } = await client.metadata([...new Set(places.map(({ topic }) => topic))])
  const problems = new Map<string, Problem>()
  for (const topic of topics) {
    const problem = codeProblem(topic.errorCode, `topic ${topic.name}`)
    if (problem !== null) problems.set(topic.name ?? '', problem)
    for (const [partition, leader] of leadersOf(topic).leaders)
      table.set(keyOf({ topic: topic.name ?? '', partition }), leader)
  }
  for (const place of places) {
    if ((table.get(keyOf(place)) ?? -1) >= 0) continue
    const problem = problems.get(place.topic) ?? noLeader(place.topic, place.partition)
    found.set(keyOf(place), { type: 'problem', problem })
  }
  return table
}

export type Fetched =
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'records'; readonly records: Uint8Array; readonly highWatermark: bigint }

async function fetchFrom(
  client: Client,
  leaders: ReadonlyMap<string, number>,
  places: readonly LandingPlace[],
  maxBytes: number,
): Promise<ReadonlyMap<string, Fetched>> {
  const fetched = new Map<string, Fetched>()
  const shares = byLeader(
    places.map(place => ({
      topic: place.topic,
      leaders: new Map([[place.partition, leaders.get(keyOf(place))!]]),
    })),
  )
  const offsets = new Map(places.map(place => [keyOf(place), place.offset]))
  const asked = [...shares].map(async ([leader, share]) => {
    const wanted = share.flatMap(({ topic, leaders: of }) =>
      [...of.keys()].map(partition => ({ topic, partition })),
    )
    try {
      const { responses } = await client.request(
        { type: 'broker', brokerId: leader },
        api,
        {
          maxWaitMs: 0,
          minBytes: 0,
          maxBytes: ANSWER_BYTES_MAX,
          isolationLevel: 0,
          topics: wanted.map(({ topic, partition }) => ({
            topic,
            partitions: [
              {
                partition,
                fetchOffset: offsets.get(keyOf({ topic, partition }))!,
                partitionMaxBytes: maxBytes,
              },
            ],
          })),
        },
        { versionMax: NAMED_VERSION_MAX, timeoutMs: FETCH_TIMEOUT_MS },
      )
      for (const { topic, partitions } of responses)
        for (const { partitionIndex, errorCode, highWatermark, records } of partitions) {
          const key = keyOf({ topic, partition: partitionIndex })
          const problem = codeProblem(errorCode, key)
          fetched.set(
            key,
            problem === null
              ? { type: 'records', records: records ?? new Uint8Array(0), highWatermark }
              : { type: 'problem', problem },
          )
        }
    } catch (error) {
      // Waiting for all brokers: one that does not answer is a problem of its partitions alone.
      const problem = problemOf(error)
      for (const place of wanted) fetched.set(keyOf(place), { type: 'problem', problem })
    }
  })
  await Promise.all(asked)
  return fetched
}

/** What one answer says: the record, or where to look on. Pure. */
export function landingIn(
  place: LandingPlace,
  answer: Fetched | undefined,
): Landing | { goOn: bigint } {
  if (answer === undefined) return { goOn: place.offset }
  if (answer.type === 'problem') return answer
  const { records, highWatermark } = answer
  if (place.offset >= highWatermark) return { type: 'end' }
  try {
    let goOn = place.offset
    for (const { at } of wholeBatches(records)) {
      const record = recordIn(records, at, place)
      if (record !== null) return record
      goOn = lastOffsetOf(records, at) + 1n
    }
    return goOn >= highWatermark ? { type: 'end' } : { goOn }
  } catch (error) {
    // A batch that cannot be read is this partition's problem; the others have theirs shown.
    return { type: 'problem', problem: problemOf(error) }
  }
}

/** The first record at or after the offset; null where the batch holds none. */
function recordIn(bytes: Uint8Array, at: number, place: LandingPlace): Landing | null {
  if (isControl(bytes, at) || lastOffsetOf(bytes, at) < place.offset) return null
  const payload = recordsOf(bytes, at)
  const baseOffset = baseOffsetOf(bytes, at)
  const wanted = Number(place.offset - baseOffset)
  const scout = new RecordCursor(payload)
  for (let index = 0; index < recordCountOf(bytes, at); index++) {
    scout.skip()
    if (scout.offsetDelta < wanted) continue
    const cursor = new RecordCursor(payload, scout.start)
    cursor.read()
    const key = cursor.key()
    return {
      type: 'record',
      offset: baseOffset + BigInt(cursor.offsetDelta),
      timestampMs: timestampsOf(bytes, at)(cursor),
      key: landed(key, { topic: place.topic, part: 'key' }),
      value: landed(cursor.value(), { topic: place.topic, part: 'value', key }),
      headerCount: cursor.headerCount,
      transactional: isTransactional(bytes, at),
    }
  }
  return null
}

function landed(bytes: Uint8Array | null, about: Parameters<typeof decodeLine>[2]): LandedValue {
  return {
    ...decodeLine(bytes, 'auto', about, { charsMax: LINE_CHARS_MAX }),
    sizeBytes: bytes?.length ?? 0,
  }
}
