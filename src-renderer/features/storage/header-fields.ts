/** The header of a batch of magic 2, with the bytes that each of its fields takes. */
import type { StorageBatchDetail } from '../../../src-main/contract/model/storage.ts'
import { t } from '../../i18n/i18n.ts'
import type { NamedBytes } from '../../ui/bytes-around.tsx'

export interface HeaderField extends NamedBytes {
  readonly value: string
  readonly meaning: string
}

const MAGIC_V2 = 2
const LENGTH_AND_OFFSET_BYTES = 12

export function headerFields(detail: StorageBatchDetail): readonly HeaderField[] {
  const { batch, attributes, lastOffsetDelta, deleteHorizonMs } = detail
  const fields: HeaderField[] = []
  let at = 0
  const add = (name: string, bytes: number, value: bigint | number, meaning = '') => {
    fields.push({ name, start: at, end: at + bytes, value: String(value), meaning })
    at += bytes
  }
  add('baseOffset', 8, batch.baseOffset)
  add('batchLength', 4, batch.sizeBytes - LENGTH_AND_OFFSET_BYTES)
  if (batch.magic !== MAGIC_V2) return fields
  add('partitionLeaderEpoch', 4, batch.partitionLeaderEpoch)
  add('magic', 1, batch.magic)
  add('crc', 4, batch.crc, `0x${batch.crc.toString(16).padStart(8, '0')}`)
  add('attributes', 2, attributes, attributesMeaning(detail))
  add('lastOffsetDelta', 4, lastOffsetDelta)
  add(
    'baseTimestamp',
    8,
    batch.baseTimestampMs,
    deleteHorizonMs === null ? isoTime(batch.baseTimestampMs) : t('storage.deleteHorizon'),
  )
  add('maxTimestamp', 8, batch.maxTimestampMs, isoTime(batch.maxTimestampMs))
  add('producerId', 8, batch.producerId)
  add('producerEpoch', 2, batch.producerEpoch)
  add('baseSequence', 4, batch.baseSequence)
  add('recordCount', 4, batch.recordCount)
  return fields
}

function attributesMeaning({ batch }: StorageBatchDetail): string {
  return [
    batch.codec,
    batch.timestampType === 'append' ? 'LogAppendTime' : 'CreateTime',
    ...(batch.transactional ? [t('storage.transactional')] : []),
    ...(batch.control ? [t('storage.control')] : []),
  ].join(', ')
}

/** In UTC, whatever zone is chosen: it explains the number, and Kafka's numbers are UTC. */
function isoTime(timestampMs: bigint): string {
  const inCalendar = timestampMs >= 0n && timestampMs < 8_640_000_000_000_000n
  return inCalendar ? new Date(Number(timestampMs)).toISOString() : ''
}
