/** The asking side of the control address, for the command line. */
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { Problem } from '../contract/define.ts'
import type { ControlAddress } from '../contract/model/application.ts'
import type { BrokerStatus, ControlStatus } from './control-model.ts'

/** As `JSON.parse` gives it, which knows one kind of number. */
type ParsedStatus = Omit<ControlStatus, 'brokers'> & {
  readonly brokers: readonly (Omit<BrokerStatus, 'brokerEpoch'> & {
    readonly brokerEpoch: number | null
  })[]
}

/** The nodes of a running application. Throws as `askControl` does. */
export async function readStatus(control: ControlAddress): Promise<ControlStatus> {
  const status = await askControl<ParsedStatus>(control, 'GET', '/status')
  const brokers = status.brokers.map(broker => ({
    ...broker,
    brokerEpoch: broker.brokerEpoch === null ? null : BigInt(broker.brokerEpoch),
  }))
  return { ...status, brokers }
}

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
