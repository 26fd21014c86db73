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

/** A message may quote what a client sent; a string of a response holds 32,767 bytes. */
const MESSAGE_LENGTH_MAX = 1000

/** What went wrong, for the response to say beside the code. */
export function messageOf(error: KafkaError): string {
  const { reason } = error
  return reason.length <= MESSAGE_LENGTH_MAX ? reason : `${reason.slice(0, MESSAGE_LENGTH_MAX)}…`
}
