/**
 * What the application asks of the groups' thread: everything that pages ask about groups, which
 * passes through, and what the thread has to be told.
 */
import { groupApi } from '../../contract/api/group.ts'
import { cluster } from '../../contract/api/names.ts'
import { array, boolean, integer, object, string } from '../../contract/check.ts'
import { returns, type Contract } from '../../contract/define.ts'

const address = object({
  host: string({ minLength: 1, maxLength: 255 }),
  port: integer({ min: 1, max: 65_535 }),
})

/** How far all groups have come, by topic, since the thread began to look. */
export interface Consumed {
  readonly cluster: string
  readonly atMs: number
  readonly topics: readonly string[]
  readonly counts: readonly number[]
}

export const groupThreadApi = {
  commands: {
    ...groupApi.commands,
    /** How to reach a cluster, from now on; looks at its groups begin. */
    'groups.know-cluster': {
      input: object({
        cluster,
        hasJournal: boolean,
        bootstrap: array(address, { maxLength: 1_000 }),
        clientId: string({ maxLength: 255 }),
      }),
      output: returns<void>(),
    },
    'groups.forget-cluster': { input: object({ cluster }), output: returns<void>() },
    /** Closes the database and ends the thread once it has answered. */
    'groups.stop': { input: object({}), output: returns<void>() },
  },
  streams: {
    ...groupApi.streams,
    /** An item after each look. */
    'groups.consumed': { input: object({}), item: returns<Consumed>() },
  },
  events: {},
} as const satisfies Contract

export type GroupThreadApi = typeof groupThreadApi

/** Rebalances as coordinators tell of them come beside the frames, as plain messages. */
export interface JournalMessage {
  readonly type: 'journal'
  readonly cluster: string
  readonly event: unknown
}
