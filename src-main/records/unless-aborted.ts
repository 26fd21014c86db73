/** Waits no longer than someone is interested: requests on a socket cannot be taken back. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // What it comes to is of no interest any more.
    promise.catch(() => {})
    return Promise.reject(abortionOf(signal))
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(abortionOf(signal))
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() =>
    signal.removeEventListener('abort', onAbort),
  )
}

function abortionOf(signal: AbortSignal): Error {
  const { reason } = signal as { readonly reason: unknown }
  return reason instanceof Error ? reason : new DOMException('aborted', 'AbortError')
}
