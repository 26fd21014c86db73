/**
 * Control records: what brokers and the quorum write among the records of clients. The key says
 * which it is; the value of the two transaction markers is read and written here.
 *
 * Types after Apache Kafka's ControlRecordType: 0 abort, 1 commit (KIP-98), 2 leader change
 * (KIP-595), 3 and 4 around a snapshot (KIP-630), 5 and 6 the quorum's own versions (KIP-853).
 */
import { KafkaError } from '../errors.ts'
import { buildBatch } from './batch-builder.ts'
import { int16At, int32At, setInt16At, setInt32At } from './bytes.ts'

export const controlTypes = [
  'ABORT',
  'COMMIT',
  'LEADER_CHANGE',
  'SNAPSHOT_HEADER',
  'SNAPSHOT_FOOTER',
  'KRAFT_VERSION',
  'KRAFT_VOTERS',
] as const
export type ControlType = (typeof controlTypes)[number]

const VERSION = 0

/** The type in a control record's key; UNKNOWN for one that a later Kafka added. */
export function readControlType(key: Uint8Array | null): ControlType | 'UNKNOWN' {
  if (key === null || key.length < 4)
    throw new KafkaError('INVALID_RECORD', `control record with a key of ${key?.length ?? 0} bytes`)
  const version = int16At(key, 0)
  if (version < 0) throw new KafkaError('INVALID_RECORD', `control record of version ${version}`)
  return controlTypes[int16At(key, 2)] ?? 'UNKNOWN'
}

export function controlKey(type: ControlType): Uint8Array {
  const key = Buffer.alloc(4)
  setInt16At(key, 0, VERSION)
  setInt16At(key, 2, controlTypes.indexOf(type))
  return key
}

export interface EndTxnMarker {
  readonly type: 'ABORT' | 'COMMIT'
  readonly coordinatorEpoch: number
}

export function readEndTxnMarker(key: Uint8Array | null, value: Uint8Array | null): EndTxnMarker {
  const type = readControlType(key)
  if (type !== 'ABORT' && type !== 'COMMIT')
    throw new KafkaError('INVALID_RECORD', `control record ${type} ends no transaction`)
  if (value === null || value.length < 6)
    throw new KafkaError('INVALID_RECORD', `marker with a value of ${value?.length ?? 0} bytes`)
  return { type, coordinatorEpoch: int32At(value, 2) }
}

export function buildEndTxnMarker(
  marker: EndTxnMarker & {
    readonly producerId: bigint
    readonly producerEpoch: number
    readonly timestampMs: bigint
    readonly baseOffset?: bigint
    readonly leaderEpoch?: number
  },
): Uint8Array {
  const value = Buffer.alloc(6)
  setInt16At(value, 0, VERSION)
  setInt32At(value, 2, marker.coordinatorEpoch)
  return buildBatch({
    records: [{ timestampMs: marker.timestampMs, key: controlKey(marker.type), value }],
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    baseOffset: marker.baseOffset ?? 0n,
    ...(marker.leaderEpoch === undefined ? {} : { leaderEpoch: marker.leaderEpoch }),
    transactional: true,
    control: true,
  })
}
