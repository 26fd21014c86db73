/** What a person should know before sending: pure, from the form and from what the topic asks for. */
import type { ProduceTarget, RecordSample } from '../../src-main/contract/model/produce.ts'
import { t } from '../i18n/i18n.ts'
import { formatBytes } from '../ui/format/bytes.ts'
import type { ProduceForm } from './produce-form.ts'

export interface Warning {
  readonly id: string
  readonly tone: 'bad' | 'warn' | 'calm'
  readonly text: string
}

/** `byKey`: where the partitioner would put the first sample. */
export function warningsFor(
  form: ProduceForm,
  target: ProduceTarget,
  sample: RecordSample | null,
  byKey: number | null,
): readonly Warning[] {
  return [
    ...topicWarnings(target),
    ...recordWarnings(form, target, sample),
    ...partitionWarnings(form, target, sample, byKey),
    ...deliveryWarnings(form, target),
  ]
}

function warning(id: string, tone: Warning['tone'], text: string): Warning {
  return { id, tone, text }
}

function topicWarnings({ internal, topic }: ProduceTarget): readonly Warning[] {
  return internal ? [warning('internal', 'bad', t('produce.warn.internal', { topic }))] : []
}

function recordWarnings(
  form: ProduceForm,
  { limits }: ProduceTarget,
  sample: RecordSample | null,
): readonly Warning[] {
  const nullKey = form.key.kind === 'null'
  const tombstone = form.value.kind === 'null'
  const found: Warning[] = []
  if (limits?.compacted === true && nullKey)
    found.push(warning('compacted-null-key', 'bad', t('produce.warn.compactedNullKey')))
  else if (limits?.compacted === true && tombstone)
    found.push(warning('tombstone', 'warn', t('produce.warn.tombstone')))
  else if (limits?.compacted === false && tombstone)
    found.push(warning('no-tombstone', 'calm', t('produce.warn.noTombstone')))
  if (limits?.logAppendTime === true && form.timestampKind !== 'now')
    found.push(warning('append-time', 'warn', t('produce.warn.appendTime')))
  const size = sample?.sizeBytes ?? 0
  if (limits !== null && size > limits.maxMessageBytes)
    found.push(
      warning(
        'too-large',
        form.codec === 'none' ? 'bad' : 'warn',
        t('produce.warn.tooLarge', {
          size: formatBytes(size),
          limit: formatBytes(limits.maxMessageBytes),
        }),
      ),
    )
  return found
}

function partitionWarnings(
  form: ProduceForm,
  { partitions, limits }: ProduceTarget,
  sample: RecordSample | null,
  byKey: number | null,
): readonly Warning[] {
  const found: Warning[] = []
  const given = form.partition.trim() === '' ? null : Number(form.partition)
  if (given !== null && given >= partitions.length)
    found.push(
      warning(
        'no-partition',
        'bad',
        t('produce.warn.noPartition', { partition: given, last: partitions.length - 1 }),
      ),
    )
  else if (given !== null && byKey !== null && byKey !== given)
    found.push(
      warning(
        'partition-overrides',
        'warn',
        t('produce.warn.partitionOverrides', { given, byKey, partitioner: form.partitioner }),
      ),
    )
  const ignoresKey = form.partitioner === 'random' || form.partitioner === 'round-robin'
  if (given === null && ignoresKey && form.key.kind !== 'null')
    found.push(warning('key-ignored', 'warn', t('produce.warn.keyIgnored')))
  const partition = given ?? sample?.partition ?? null
  const facts = partitions.find(each => each.partition === partition)
  if (facts !== undefined && facts.leader === null)
    found.push(
      warning('no-leader', 'bad', t('produce.warn.noLeader', { partition: facts.partition })),
    )
  const minimum = limits?.minInSyncReplicas ?? 1
  if (facts !== undefined && form.acks === 'all' && facts.inSyncCount < minimum)
    found.push(
      warning(
        'isr',
        'bad',
        t('produce.warn.isr', { partition: facts.partition, count: facts.inSyncCount, minimum }),
      ),
    )
  return found
}

function deliveryWarnings(
  form: ProduceForm,
  { replicationFactor, limits }: ProduceTarget,
): readonly Warning[] {
  const found: Warning[] = []
  if (form.acks === '0') found.push(warning('acks-0', 'warn', t('produce.warn.acks0')))
  if (form.acks === '1' && replicationFactor > 1)
    found.push(warning('acks-1', 'warn', t('produce.warn.acks1')))
  if (form.acks === 'all' && !form.idempotent)
    found.push(warning('not-idempotent', 'calm', t('produce.warn.notIdempotent')))
  const stored = limits?.compressionType ?? 'producer'
  if (stored !== 'producer' && stored !== (form.codec === 'none' ? 'uncompressed' : form.codec))
    found.push(warning('recompressed', 'calm', t('produce.warn.recompressed', { codec: stored })))
  return found
}
