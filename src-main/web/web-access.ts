/**
 * Who may talk to the browser mode's server. Three walls, since any page in the same browser can
 * send requests to the loopback interface:
 *
 * - Host must name the loopback interface, or another site's name that was pointed at 127.0.0.1
 *   (DNS rebinding) would count as the same origin.
 * - Origin, where a browser sends one, must be this server's own.
 * - The WebSocket needs the token, which only who started the application was told.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export type Refusal = { readonly status: 401 | 403; readonly reason: string }

const hostNames = ['127.0.0.1', 'localhost', '[::1]']

/** For every request. `port` is the server's own. */
export function refuseForeign(headers: IncomingHttpHeaders, port: number): Refusal | null {
  const own = hostNames.flatMap(name => (port === 80 ? [name, `${name}:80`] : `${name}:${port}`))
  const host = headers.host?.toLowerCase()
  if (host === undefined || !own.includes(host))
    return { status: 403, reason: `host ${host ?? '(none)'} is not this application's` }
  const { origin } = headers
  if (origin !== undefined && !own.some(name => origin.toLowerCase() === `http://${name}`))
    return { status: 403, reason: `origin ${origin} is not this application's` }
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate')
    return { status: 403, reason: 'asked for by a page of another site' }
  return null
}

/** For the WebSocket: the token from its address, compared in constant time. */
export function refuseWithoutToken(given: string | null, token: string): Refusal | null {
  if (tokenMatches(given, token)) return null
  return {
    status: 401,
    reason: 'the token is missing or not of this start: open the address that was printed',
  }
}

/** In constant time, whatever was given. */
export function tokenMatches(given: string | null, token: string): boolean {
  return given !== null && timingSafeEqual(digest(given), digest(token))
}

/** Equal lengths, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
