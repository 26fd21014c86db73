/**
 * A filter made ready: finds the records of a batch that meet it. Cheap tests come first, and where
 * a scout knows what to look for, records without a trace of it are passed by their length.
 */
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import type { DecoderChoice } from '../contract/model/decode.ts'
import type { KeyFilter, RecordFilter } from '../contract/model/search.ts'
import type { FilterBatch } from './filter-batch.ts'
import { expressionTest } from './expression.ts'
import { conditionTest } from './field-condition.ts'
import { FilterErrors, RecordProblem } from './filter-errors.ts'
import { RecordAtHand, bufferOf } from './record-at-hand.ts'
import { bytesScout, type Scout } from './scout.ts'
import { textTest, type RecordTest } from './text-filter.ts'

export interface FilterChoices {
  readonly decoders: { readonly key: DecoderChoice; readonly value: DecoderChoice }
  /** For expressions that take too long. */
  readonly nowMs: () => number
}

export interface CompiledFilter {
  /**
   * Calls for every record in the batch's range that meets the filter, by ascending offset, until
   * it gives false. The record is the callee's only during the call.
   */
  find(batch: FilterBatch, found: (record: RecordAtHand) => boolean | void): void
  readonly errors: FilterErrors
}

/** Throws `INVALID_INPUT` with what is wrong and where. */
export function compileFilter(filter: RecordFilter, choices: FilterChoices): CompiledFilter {
  const { decoders, nowMs } = choices
  const tests: RecordTest[] = []
  if (filter.key !== undefined) tests.push(keyTest(filter.key))
  if (filter.values !== undefined) tests.push(tombstoneTest(filter.values === 'tombstones'))
  if (filter.text !== undefined) tests.push(textTest(filter.text))
  for (const condition of filter.conditions ?? []) tests.push(conditionTest(condition, decoders))
  if (filter.expression !== undefined)
    tests.push(expressionTest(filter.expression, decoders, nowMs))
  return new Finder(tests)
}

/** Throws as `compileFilter` does, for whoever does not run it. */
export function checkFilter(filter: RecordFilter): void {
  compileFilter(filter, { decoders: { key: 'auto', value: 'auto' }, nowMs: () => 0 })
}

interface Step {
  readonly test: RecordTest
  readonly scout: Scout | null
  /** The scout's first place at or after the record at hand. */
  hit: number
}

class Finder implements CompiledFilter {
  readonly errors = new FilterErrors()
  readonly #steps: readonly Step[]
  readonly #scouting: readonly (Step & { readonly scout: Scout })[]

  constructor(tests: readonly RecordTest[]) {
    this.#steps = tests.map(test => ({ test, scout: test.scout, hit: -1 }))
    this.#scouting = this.#steps.filter(hasScout)
  }

  find(batch: FilterBatch, found: (record: RecordAtHand) => boolean | void): void {
    const payload = bufferOf(batch.payload)
    for (const step of this.#scouting) {
      step.scout.begin(payload)
      step.hit = step.scout.next(0)
      if (step.hit < 0) return
    }
    const record = new RecordAtHand(batch)
    if (this.#scouting.length === 0) this.#findAmongAll(record, found)
    else this.#findAtHits(record, found)
  }

  #findAmongAll(record: RecordAtHand, found: (record: RecordAtHand) => boolean | void): void {
    const { batch, cursor } = record
    for (let index = 0; index < batch.recordCount; index++) {
      cursor.read()
      const { offsetDelta } = cursor
      if (offsetDelta < batch.fromDelta) continue
      if (offsetDelta >= batch.toDelta) return
      if (this.#meets(record) && found(record) === false) return
    }
  }

  /** Only records that hold a place of every scout are read. */
  #findAtHits(record: RecordAtHand, found: (record: RecordAtHand) => boolean | void): void {
    const { batch, cursor: scanning } = record
    let target = this.#nextHit(0)
    for (let index = 0; index < batch.recordCount && target >= 0; index++) {
      scanning.skip()
      const { start, end, offsetDelta } = scanning
      if (target >= end) continue
      if (offsetDelta >= batch.toDelta) return
      target = this.#nextHit(start)
      if (target < 0) return
      if (target >= end) continue
      if (offsetDelta >= batch.fromDelta) {
        record.cursor = new RecordCursor(batch.payload, start)
        record.cursor.read()
        if (this.#meets(record) && found(record) === false) return
      }
      target = this.#nextHit(end)
    }
  }

  /** The last of the scouts' next places, -1 where one of them has none any more. */
  #nextHit(from: number): number {
    let last = 0
    for (const step of this.#scouting) {
      if (step.hit < from) step.hit = step.scout.next(from)
      if (step.hit < 0) return -1
      if (step.hit > last) last = step.hit
    }
    return last
  }

  #meets(record: RecordAtHand): boolean {
    try {
      for (const { test, hit } of this.#steps) if (!test.test(record, hit)) return false
      return true
    } catch (error) {
      // Waiting for what an expression does not like about one record: the others are looked at.
      if (!(error instanceof RecordProblem)) throw error
      const { topic, partition, offset } = record
      this.errors.add(error.message, { topic, partition, offset })
      return false
    }
  }
}

function hasScout(step: Step): step is Step & { readonly scout: Scout } {
  return step.scout !== null
}

function keyTest({ bytes }: KeyFilter): RecordTest {
  const wanted = bufferOf(bytes)
  return {
    // An empty key is everywhere and nowhere.
    scout: wanted.length === 0 ? null : bytesScout(wanted),
    test: ({ cursor, payload }) =>
      cursor.keyLength === wanted.length &&
      payload.compare(
        wanted,
        0,
        wanted.length,
        cursor.keyStart,
        cursor.keyStart + wanted.length,
      ) === 0,
  }
}

function tombstoneTest(wanted: boolean): RecordTest {
  return { scout: null, test: ({ cursor }) => cursor.valueLength < 0 === wanted }
}
