/**
 * A message field by field, each with the bytes it lies in: for whoever looks at one. It reads
 * with the same codec as everything else, so what it shows is what was understood.
 */
import { assert } from '../support/assert.ts'
import { KafkaError } from './errors.ts'
import { InvalidFrameError } from './invalid-frame.ts'
import { structCodec, type FieldTracer } from './message-codec.ts'
import { Reader } from './reader.ts'
import type { Field, Message } from './schema.ts'

export interface TracedField {
  /** 0 for a field of the message itself. */
  readonly depth: number
  /** Kafka's name of the field, or the element's index in its array. */
  readonly name: string | number
  readonly kind: Field<unknown>['kind']
  /** The bytes of the field, its length prefix included. */
  readonly start: number
  /** Null where the bytes ended before the field did. */
  readonly end: number | null
  /** Of a scalar; the length of an array; undefined for a struct, and where `end` is null. */
  readonly value: string | number | bigint | boolean | Uint8Array | null | undefined
}

export interface TracedMessage {
  readonly fields: readonly TracedField[]
  /** Why reading ended before the last field; null when it did not. */
  readonly problem: string | null
  /** Fields past `fieldsMax` are counted, not listed. */
  readonly leftOut: number
  /** Where reading ended. */
  readonly end: number
}

/** Reads from `start`; whatever is wrong with the bytes is told, not thrown. */
export function traceMessage(
  message: Message,
  bytes: Uint8Array,
  start: number,
  version: number,
  fieldsMax = 10_000,
): TracedMessage {
  const collector = new Collector(fieldsMax)
  const reader = new Reader(bytes, start)
  let problem: string | null = null
  try {
    const [first, last] = message.versions
    if (version < first || version > last)
      throw new InvalidFrameError(
        `${message.name} has versions ${first} to ${last}, not ${version}`,
      )
    structCodec(message.fields, {
      version,
      flexible: message.flexible(version),
      dropsAbsent: false,
      path: message.name,
      tracer: collector,
    }).read(reader)
  } catch (error) {
    // Waiting for bytes that end early or are no such message: that is what is to be shown.
    if (!(error instanceof InvalidFrameError || error instanceof KafkaError)) throw error
    problem = error.message
  }
  return { fields: collector.fields, problem, leftOut: collector.leftOut, end: reader.position }
}

class Collector implements FieldTracer {
  readonly fields: TracedField[] = []
  readonly #fieldsMax: number
  /** Places in `fields` of what was entered and not left; -1 for one that is not listed. */
  readonly #open: number[] = []
  /** Elements seen so far of each open array; 0 for what is none. */
  readonly #elements: number[] = []
  leftOut = 0

  constructor(fieldsMax: number) {
    this.#fieldsMax = fieldsMax
  }

  enter(field: Field<unknown>, name: string | null, position: number): void {
    const depth = this.#open.length
    const index = depth === 0 ? 0 : this.#elements[depth - 1]!++
    if (this.fields.length < this.#fieldsMax) {
      this.#open.push(this.fields.length)
      this.fields.push({
        depth,
        name: name ?? index,
        kind: field.kind,
        start: position,
        end: null,
        value: undefined,
      })
    } else {
      this.#open.push(-1)
      this.leftOut += 1
    }
    this.#elements.push(0)
  }

  leave(position: number, value: unknown): void {
    const at = this.#open.pop()
    this.#elements.pop()
    assert(at !== undefined, 'a field is left after it was entered')
    if (at < 0) return
    const field = this.fields[at]!
    this.fields[at] = { ...field, end: position, value: shownValue(field.kind, value) }
  }
}

function shownValue(kind: Field<unknown>['kind'], value: unknown): TracedField['value'] {
  if (value === null) return null
  if (kind === 'array') return (value as readonly unknown[]).length
  if (kind === 'struct') return undefined
  return value as TracedField['value']
}
