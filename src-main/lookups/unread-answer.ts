/**
 * Answers that list everything a cluster has are megabytes long, and turning one into objects at
 * once would keep the thread from all else for a tenth of a second. They are taken unread, and read
 * in slices.
 */
import { KafkaError } from '../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../engine/protocol/invalid-frame.ts'
import type { Reader } from '../../engine/protocol/reader.ts'
import type { Field, Message } from '../../engine/protocol/schema.ts'

type Unread = { readonly reader: Field<Reader, true>; readonly version: Field<number, true> }

/** The same answer, given as a reader that stands before its first field. */
export function unread(response: Message<any>): Message<Unread> {
  const read = (reader: Reader, version: number) => ({ reader, version })
  return { ...(response as Message), read } as unknown as Message<Unread>
}

/** About a millisecond's work. */
const SLICE_ELEMENTS = 400

/** Runs `step`, which tells how many elements it read, so often; others get their turn in between. */
export async function inSlices(times: number, step: (index: number) => number): Promise<void> {
  let elements = 0
  for (let index = 0; index < times; index++) {
    elements += step(index)
    if (elements < SLICE_ELEMENTS) continue
    elements = 0
    await new Promise<void>(resolve => void setImmediate(resolve))
  }
}

/**
 * Gives one after the other its turn, with whatever else waits in between: several long questions
 * that are written at once hold the thread as one long answer does.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  next(): Promise<void> {
    this.#last = this.#last.then(() => new Promise(resolve => void setImmediate(resolve)))
    return this.#last
  }
}

/** What the client does for answers that it reads itself. */
export async function refusingInvalid<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    // Waiting for an answer that does not follow its schema.
    if (!(error instanceof InvalidFrameError)) throw error
    const why = `unreadable answer to ${name}: ${error.message}`
    throw new KafkaError('CORRUPT_MESSAGE', why, { cause: error })
  }
}
