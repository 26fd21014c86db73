/** Lets the thread do what else is due, and rejects when nobody waits any more. */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => void setImmediate(resolve))
  signal.throwIfAborted()
}
