/** What work in an inspect worker is done with. */
import type { Client } from '../../engine/client/client.ts'
import type { Wait } from './watch.ts'

export interface WorkContext {
  /** This thread's own client of a cluster. Throws a `ContractError` NOT_FOUND. */
  readonly clientOf: (cluster: string) => Client
  /** Another one, so that who reads a page does not wait behind the megabytes of a scan. */
  readonly scanClientOf: (cluster: string) => Client
  readonly nowMs: () => number
  readonly wait: Wait
}
