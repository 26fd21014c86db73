/** Consumer groups: everything is done in the groups' thread, and its answers pass through. */
import type { GroupThread } from '../groups/thread/group-thread.ts'
import type { Commands, Streams } from './handlers.ts'

export function groupHandlers(groups: GroupThread) {
  const commands = {
    'group.list': (input, signal) => groups.pass('group.list', input, signal),
    'group.figures': (input, signal) => groups.pass('group.figures', input, signal),
    'group.describe': (input, signal) => groups.pass('group.describe', input, signal),
    'group.of-topic': (input, signal) => groups.pass('group.of-topic', input, signal),
    'group.history': (input, signal) => groups.pass('group.history', input, signal),
    'group.rebalances': (input, signal) => groups.pass('group.rebalances', input, signal),
  } satisfies Commands
  const streams = {
    'group.watch': (input, sink) => groups.relay('group.watch', input, sink),
  } satisfies Streams
  return { commands, streams }
}
