/** What records mean: decoded by the inspect workers, and their answers pass through. */
import type { Commands, ServiceContext } from './handlers.ts'

export function decodeHandlers({ workers }: ServiceContext) {
  const commands = {
    'record.decode': (input, signal) => workers.pass('record.decode', input, { signal }),
    'record.explain': (input, signal) => workers.pass('record.explain', input, { signal }),
  } satisfies Commands
  return { commands }
}
