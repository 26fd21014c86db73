/**
 * The records of a partition, one batch after the other, as `read_committed` shows them: without
 * markers, and without what was aborted (KIP-98).
 */
import type { Client } from '../../../engine/client/client.ts'
import { fetchRequest, fetchResponse } from '../../../engine/protocol/messages/fetch.ts'
import { readControlType } from '../../../engine/protocol/records/control-records.ts'
import {
  isControl,
  isTransactional,
  lastOffsetOf,
  producerIdOf,
  wholeBatches,
} from '../../../engine/protocol/records/record-batch.ts'
import { readRecords, type LogRecord } from '../../../engine/protocol/records/record-reader.ts'
import { ContractError } from '../../contract/define.ts'
import { codeProblem } from '../../lookups/cluster-topics.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 12
const FETCH_TIMEOUT_MS = 15_000
const READ_COMMITTED = 1

export interface FetchedRecords {
  readonly records: readonly LogRecord[]
  /** Where to go on from; the asked offset where there was nothing. */
  readonly nextOffset: bigint
}

interface Asked {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly maxBytes: number
}

/** Throws a `ContractError` for what the broker refuses. Records before the offset are left out. */
export async function fetchRecords(client: Client, asked: Asked): Promise<FetchedRecords> {
  const { topic, partition, offset } = asked
  const answer = await client.request({ type: 'leader', topic, partition }, api, request(asked), {
    versionMax: NAMED_VERSION_MAX,
    timeoutMs: FETCH_TIMEOUT_MS,
  })
  const found = answer.responses[0]?.partitions[0]
  const problem = codeProblem(found?.errorCode ?? answer.errorCode, `${topic}-${partition}`)
  if (problem !== null) throw new ContractError(problem)
  const bytes = found?.records ?? new Uint8Array(0)
  const aborted = [...(found?.abortedTransactions ?? [])]
  const abortedProducers = new Set<bigint>()
  const records: LogRecord[] = []
  let nextOffset = offset
  for (const { at } of wholeBatches(bytes)) {
    const last = lastOffsetOf(bytes, at)
    for (const each of aborted) if (each.firstOffset <= last) abortedProducers.add(each.producerId)
    nextOffset = last + 1n > nextOffset ? last + 1n : nextOffset
    const producerId = producerIdOf(bytes, at)
    if (isControl(bytes, at)) {
      const [marker] = readRecords(bytes, at)
      if (readControlType(marker?.key ?? null) !== 'ABORT') continue
      abortedProducers.delete(producerId)
      const index = aborted.findIndex(each => each.producerId === producerId)
      if (index >= 0) aborted.splice(index, 1)
    } else if (!isTransactional(bytes, at) || !abortedProducers.has(producerId))
      for (const record of readRecords(bytes, at)) if (record.offset >= offset) records.push(record)
  }
  return { records, nextOffset }
}

function request({ topic, partition, offset, maxBytes }: Asked) {
  return {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    isolationLevel: READ_COMMITTED,
    topics: [
      { topic, partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: maxBytes }] },
    ],
  }
}
