/** Everything that can be filled in to produce, and what is sent of it. No React here. */
import {
  DRAFT_BYTES_MAX,
  type Delivery,
  type PartitionerName,
  type RecordDraft,
} from '../../src-main/contract/api/produce.ts'
import { parseTimestamp, type Zone } from '../ui/format/time.ts'
import { contentDraft, contentForm, type ContentForm } from './content-form.ts'

export interface HeaderForm {
  /** Tells rows apart while they are edited. */
  readonly id: number
  readonly key: string
  readonly value: ContentForm
}

export interface VariableForm {
  readonly id: number
  readonly name: string
  readonly text: string
}

export interface ProduceForm {
  readonly key: ContentForm
  readonly value: ContentForm
  readonly headers: readonly HeaderForm[]
  /** A partition's number, or empty to leave it to the partitioner. */
  readonly partition: string
  readonly partitioner: PartitionerName
  readonly timestampKind: 'now' | 'at' | 'series'
  readonly timestampText: string
  readonly stepText: string
  readonly templated: boolean
  readonly variables: readonly VariableForm[]
  readonly seed: string
  readonly codec: Delivery['codec']
  readonly acks: Delivery['acks']
  readonly idempotent: boolean
}

export const EMPTY_FORM: ProduceForm = {
  key: contentForm('null'),
  value: contentForm('json'),
  headers: [],
  partition: '',
  partitioner: 'java',
  timestampKind: 'now',
  timestampText: '',
  stepText: '1000',
  templated: true,
  variables: [],
  seed: '1',
  codec: 'none',
  acks: 'all',
  idempotent: true,
}

/** A field whose text means nothing. */
export type FormFault = 'partition' | 'timestamp' | 'step' | 'seed' | 'size'

export interface FormDraft {
  readonly type: 'draft'
  readonly draft: RecordDraft
  readonly delivery: Delivery
}

export type FormReading =
  | FormDraft
  | { readonly type: 'faults'; readonly faults: readonly FormFault[] }

const INT32_MAX = 2_147_483_647

export function readForm(form: ProduceForm, zone: Zone): FormReading {
  const faults: FormFault[] = []
  const number = (text: string, fault: FormFault): number => {
    const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN
    if (!(value <= INT32_MAX)) faults.push(fault)
    return value
  }
  const partition = form.partition.trim() === '' ? null : number(form.partition, 'partition')
  const seed = form.templated ? number(form.seed, 'seed') : 0
  const timestamp = readTimestamp(form, zone, faults, number)
  if (sizeOf(form) > DRAFT_BYTES_MAX) faults.push('size')
  if (faults.length > 0) return { type: 'faults', faults }
  const { codec, acks, idempotent, partitioner } = form
  return {
    type: 'draft',
    draft: {
      key: contentDraft(form.key),
      value: contentDraft(form.value),
      headers: form.headers.map(({ key, value }) => ({ key, value: contentDraft(value) })),
      partition,
      timestamp,
      template: form.templated
        ? { variables: form.variables.map(({ name, text }) => ({ name, text })), seed }
        : null,
    },
    delivery: { codec, acks, partitioner, idempotent: idempotent && acks === 'all' },
  }
}

/** About as many bytes as it takes on its way; characters for text. */
function sizeOf({ key, value, headers }: ProduceForm): number {
  let size = 0
  for (const { kind, text, bytes } of [key, value, ...headers.map(header => header.value)])
    size += kind === 'bytes' ? (bytes?.content.length ?? 0) : text.length
  return size
}

function readTimestamp(
  form: ProduceForm,
  zone: Zone,
  faults: FormFault[],
  number: (text: string, fault: FormFault) => number,
): RecordDraft['timestamp'] {
  if (form.timestampKind === 'now') return { type: 'now' }
  const at = parseMoment(form.timestampText, zone)
  if (at === null) faults.push('timestamp')
  const timestampMs = at ?? 0n
  if (form.timestampKind === 'at') return { type: 'at', timestampMs }
  return { type: 'series', fromMs: timestampMs, stepMs: number(form.stepText, 'step') || 0 }
}

/** Milliseconds since the epoch, or a date and time in the zone; null for neither. */
export function parseMoment(text: string, zone: Zone): bigint | null {
  const trimmed = text.trim()
  if (/^\d{5,16}$/.test(trimmed)) return BigInt(trimmed)
  const parsed = parseTimestamp(trimmed, zone)
  return parsed === null || parsed < 0n ? null : parsed
}

let nextId = 1

export function newId(): number {
  return nextId++
}
