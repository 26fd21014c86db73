/** Who sent a request, in the words of the group coordinator. */
import type { RequestContext } from '../server/dispatcher.ts'

export function askerOf(context: RequestContext): {
  readonly apiVersion: number
  readonly clientId: string
  readonly clientHost: string
} {
  return {
    apiVersion: context.apiVersion,
    clientId: context.clientId ?? '',
    // As Java prints an address, and Kafka therefore shows it.
    clientHost: `/${context.connection.socket.remote.host}`,
  }
}
