/**
 * One item of a request fails alone: its neighbours are still answered. Handlers of requests with
 * several items pass each through here.
 */
import { KafkaError } from '../protocol/errors.ts'

export function attempt<T>(work: () => T, onFailure: (error: KafkaError) => T): T {
  try {
    return work()
  } catch (error) {
    // Waits for what the protocol has a code for, of this one item; a bug goes on upwards.
    if (error instanceof KafkaError) return onFailure(error)
    throw error
  }
}
