/** Searches. */
import { checkFilter } from '../filter/compile-filter.ts'
import { checkExpression } from '../filter/expression.ts'
import { Searches } from '../scan/searches.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const WATCH_INTERVAL_MS = 250

export function searchHandlers({ clusters, events, jobs, workers, nowMs, wait }: ServiceContext) {
  const searches = new Searches({ workers, jobs, nowMs }, cluster =>
    events.emit('searches.changed', { cluster }),
  )
  const commands = {
    'search.start': async (input, signal) => (await searches.start(input, signal)).summary(),
    'search.check-expression': async ({ expression }) => checkExpression(expression),
    'search.check-filter': async ({ filter }) => {
      checkFilter(filter)
      return null
    },
    'search.rows': async ({ searchId, order, from, limit }) =>
      searches.get(searchId).rows(order, from, limit),
    'search.stop': async ({ searchId }) => (await searches.stop(searchId)).summary(),
    'search.continue': async ({ searchId }) => searches.go(searchId).summary(),
    'search.pin': async ({ searchId, pinned }) => searches.pin(searchId, pinned).summary(),
    'search.close': async ({ searchId }) => {
      await searches.close(searchId)
      return null
    },
    'search.list': async ({ cluster }) => {
      if (cluster !== null) clusters.get(cluster)
      return searches.list(cluster).map(search => search.summary())
    },
  } satisfies Commands
  const streams = {
    'search.watch': async ({ searchId }, sink) => {
      const search = searches.get(searchId)
      let changed = true
      const unlisten = search.onChange(() => (changed = true))
      while (!sink.signal.aborted && searches.has(searchId)) {
        if (changed && !sink.congested) {
          changed = false
          sink.emit(search.progress())
        }
        await wait(WATCH_INTERVAL_MS, sink.signal)
      }
      unlisten()
    },
  } satisfies Streams
  return { commands, streams, searches }
}
