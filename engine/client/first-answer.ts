/**
 * The first of several attempts to succeed. They are begun in order: the next one when one has
 * failed, or when none has ended for a while, so that a silent broker keeps nobody waiting.
 */
import type { Clock } from '../ports/clock.ts'
import { KafkaError } from '../protocol/errors.ts'
import { OperationalError } from '../support/operational-error.ts'

export interface FirstAnswer<C, T> {
  readonly clock: Clock
  readonly choices: readonly C[]
  readonly attempt: (choice: C) => Promise<T>
  /** After so long without an end another attempt begins beside those under way. */
  readonly patienceMs: number
  /** What to reject with when all of them have failed; their errors in the order of failing. */
  readonly nobody: (errors: readonly Error[]) => Error
}

/** A failure that is none of the two that brokers and networks cause rejects at once. */
export function firstAnswer<C, T>(options: FirstAnswer<C, T>): Promise<T> {
  const { clock, choices, attempt, patienceMs, nobody } = options
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const errors: Error[] = []
  let begun = 0
  let over = false
  let cancel = () => {}
  const end = () => {
    over = true
    cancel()
  }
  const failed = (error: unknown) => {
    if (over) return
    if (!(error instanceof OperationalError || error instanceof KafkaError)) {
      end()
      reject(error)
      return
    }
    errors.push(error)
    begin()
    if (errors.length < begun) return
    end()
    reject(nobody(errors))
  }
  const begin = () => {
    cancel()
    cancel = () => {}
    if (begun === choices.length) return
    const choice = choices[begun]!
    begun += 1
    cancel = clock.at(clock.nowMs() + patienceMs, begin)
    attempt(choice).then(value => {
      end()
      resolve(value)
    }, failed)
  }
  begin()
  if (choices.length === 0) reject(nobody(errors))
  return promise
}
