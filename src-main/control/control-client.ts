/** The asking side of the control address, for the command line. */
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { Problem } from '../contract/define.ts'
import type { ControlAddress } from '../contract/model/application.ts'

/** The supervisor gives a node so long to stop; it answers within that. */
const ANSWER_MS_MAX = 90_000

/** Throws an `OperationalError` with the answer's own words, or where nobody answers. */
export async function askControl<T>(
  { url, token }: ControlAddress,
  method: 'GET' | 'POST',
  path: string,
): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  }).catch((error: unknown) => {
    // Waiting for a process that may have ended since its file was read.
    throw new OperationalError(`${url}: ${reasonOf(error)}`, { cause: error })
  })
  const answer: unknown = await response.json()
  if (response.ok) return answer as T
  const { message, remedy } = answer as Problem
  throw new OperationalError(remedy === undefined ? message : `${message}. ${remedy}`)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_MS_MAX / 1_000} s`
  return error.cause instanceof Error ? error.cause.message : error.message
}
