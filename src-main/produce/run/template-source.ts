/** Records from a draft, as many as are asked for. */
import type { RecordDraft } from '../../contract/api/produce.ts'
import { ContractError } from '../../contract/define.ts'
import { DraftError, recordMaker } from '../record-maker.ts'
import type { RecordSource } from './record-source.ts'

export interface TemplateSourceOptions {
  readonly draft: RecordDraft
  readonly topic: string
  /** Null has no end. */
  readonly count: number | null
  readonly nowMs: () => number
}

/** Throws a `ContractError` where the draft cannot become a record. */
export function templateSource({
  draft,
  topic,
  count,
  nowMs,
}: TemplateSourceOptions): RecordSource {
  const maker = checked(() => recordMaker(draft, topic))
  let next = 0
  return {
    pull(max, sink) {
      const end = Math.min(next + max, count ?? Infinity)
      if (next >= end) return null
      const begin = next
      const atMs = nowMs()
      for (; next < end; next++)
        try {
          sink.add(maker.make(next, atMs), next)
        } catch (error) {
          // Waiting for a template that this time fills in what its encoding does not allow.
          if (!(error instanceof DraftError)) throw error
          sink.fail(next, error.problems[0]!.problem)
        }
      return end - begin
    },
    close() {
      next = Infinity
    },
  }
}

/** What is wrong with a draft, as a problem that names the place. */
export function checked<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    // Waiting for a draft that cannot become a record.
    if (!(error instanceof DraftError)) throw error
    const { place, problem } = error.problems[0]!
    const where = place.index === null ? place.part : `${place.part} ${place.index + 1}`
    throw new ContractError({ ...problem, message: `${where}: ${problem.message}` })
  }
}
