/** Which requests a reader of the wire log wants to see. */
import type { StreamInputOf } from '../contract/define.ts'
import type { wireApi } from '../contract/api/wire.ts'
import type { WireRequest } from '../contract/model/wire.ts'

export type WireFilter = StreamInputOf<typeof wireApi, 'wire.watch'>['filter']

export function wireMatcher(filter: WireFilter): (request: WireRequest) => boolean {
  const brokerIds = filter.brokerIds === null ? null : new Set(filter.brokerIds)
  const apiKeys = filter.apiKeys === null ? null : new Set(filter.apiKeys)
  const text = filter.text.toLowerCase()
  return request => {
    if (brokerIds !== null && !brokerIds.has(request.brokerId)) return false
    if (apiKeys !== null && !apiKeys.has(request.apiKey)) return false
    if (!filter.withOwn && (request.origin === 'application' || request.origin === 'sample'))
      return false
    if (filter.failedOnly && !failed(request)) return false
    // Time in `wait` is mostly what the asker asked for: a long poll, a join, a slow follower.
    if (filter.slowerThanMs !== null && request.queueMs + request.workMs < filter.slowerThanMs)
      return false
    return text === '' || searched(request).includes(text)
  }
}

export function failed({ errors, responseBytes }: WireRequest): boolean {
  return errors.length > 0 || responseBytes === null
}

function searched({ clientId, software, remote, api, errors }: WireRequest): string {
  return [clientId, software, remote, api, ...errors].join('\n').toLowerCase()
}
