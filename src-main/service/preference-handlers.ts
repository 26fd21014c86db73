/** What a user keeps under a name. */
import { PreferenceStore } from '../preferences/preference-store.ts'
import type { Commands, Streams } from './handlers.ts'

export function preferenceHandlers(folder: string | null) {
  const store = new PreferenceStore(folder)
  const commands = {
    'preference.keep': async ({ collection, items }) => {
      await store.keep(collection, items)
      return null
    },
    'preference.remove': async ({ collection, names }) => {
      await store.remove(collection, names)
      return null
    },
  } satisfies Commands
  const streams = {
    'preference.watch': async ({ collection }, sink) => {
      let changed = true
      let wake = () => {}
      const stop = store.onChange(name => {
        if (name !== collection) return
        changed = true
        wake()
      })
      sink.signal.addEventListener('abort', () => wake())
      try {
        while (!sink.signal.aborted) {
          if (changed) {
            changed = false
            sink.emit(await store.list(collection))
          } else await new Promise<void>(resolve => (wake = resolve))
        }
      } finally {
        stop()
      }
    },
  } satisfies Streams
  return { commands, streams }
}
