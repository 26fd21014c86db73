/**
 * The offset lab's commands as an inspect worker is asked them: plans of ten thousand partitions and
 * files of snapshots would hold the main thread up. The page's own question is inside.
 */
import { offsetApi } from '../contract/api/offset.ts'
import { cluster } from '../contract/api/names.ts'
import { nullable, object, string, type Check } from '../contract/check.ts'
import type { Contract, Returns } from '../contract/define.ts'

/** What a worker cannot know by itself. */
const surroundings = object({
  /** Where snapshots are kept; null for nowhere. */
  folder: nullable(string({ minLength: 1, maxLength: 4_096 })),
  /** As clients would write it, for the equal command. */
  bootstrap: string({ maxLength: 65_536 }),
})

function asWork<I, O>({
  input,
  output,
}: {
  readonly input: Check<I>
  readonly output: Returns<O>
}) {
  return { input: object({ cluster, surroundings, question: input }), output }
}

const { commands } = offsetApi

export const offsetWorkApi = {
  commands: {
    'offset.landings': commands['offset.landings'],
    'offset.plan': asWork(commands['offset.plan']),
    'offset.apply': asWork(commands['offset.apply']),
    'offset.delete-group': asWork(commands['offset.delete-group']),
    'offset.snapshots': asWork(commands['offset.snapshots']),
    'offset.export-snapshot': asWork(commands['offset.export-snapshot']),
  },
  streams: {},
  events: {},
} as const satisfies Contract
