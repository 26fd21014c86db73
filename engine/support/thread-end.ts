/**
 * When a thread may be ended by another one: not within certain native calls. Node 24 aborts the
 * whole process where a thread ends while one of zlib's streams is made (`close before init`), and
 * for a thread that decompresses all the time that is one end in twenty.
 */
export type EndCell = Int32Array<SharedArrayBuffer>

const FREE = 0
const HELD = 1
const ENDING = 2
/** A call that lasts for so long is past the making of its stream. */
const HELD_MS_MAX = 1_000

export function newEndCell(): EndCell {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** In the thread: runs the call, and nobody ends the thread meanwhile. */
export function undisturbed<T>(cell: EndCell | null, call: () => T): T {
  if (cell === null) return call()
  // Where its end has begun already, this is where the thread stands until it comes.
  while (Atomics.compareExchange(cell, 0, FREE, HELD) !== FREE) Atomics.wait(cell, 0, ENDING)
  try {
    return call()
  } finally {
    Atomics.store(cell, 0, FREE)
    Atomics.notify(cell, 0)
  }
}

/** In its owner: settles when the thread may be ended, at once unless it is within such a call. */
export async function endable(cell: EndCell): Promise<void> {
  while (Atomics.compareExchange(cell, 0, FREE, ENDING) === HELD) {
    const { async, value } = Atomics.waitAsync(cell, 0, HELD, HELD_MS_MAX)
    if (async && (await value) === 'timed-out') return
  }
}
