/** The wire log, and who is connected: what only the local cluster's brokers can tell. */
import { array, boolean, integer, nullable, object, string } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { BrokerConnection, WireExchange, WireUpdate } from '../model/wire.ts'
import { brokerId, cluster, INT32_MAX } from './names.ts'

const filter = object({
  /** Of these brokers, APIs; null for all. */
  brokerIds: nullable(array(brokerId, { maxLength: 1_000 })),
  apiKeys: nullable(array(integer({ min: 0, max: 32_767 }), { maxLength: 200 })),
  /** In client id, software, remote address or the API's name, whatever the case. */
  text: string({ maxLength: 256 }),
  /** With an error, or cut off. */
  failedOnly: boolean,
  /** At least so long from arrival to answer, without waiting that the asker asked for. */
  slowerThanMs: nullable(integer({ min: 0, max: 3_600_000 })),
  /** This application's own requests, and its sample shop's, too. */
  withOwn: boolean,
})

export const wireApi = {
  commands: {
    /** `NOT_FOUND` where the broker no longer has the frames: it keeps the newest 32 MiB. */
    'wire.exchange': {
      input: object({ cluster, brokerId, sequence: integer({ min: 0, max: INT32_MAX }) }),
      output: returns<WireExchange>(),
    },
    /** Of all brokers that run. `UNSUPPORTED` on a remote cluster. */
    'broker.connections': {
      input: object({ cluster }),
      output: returns<readonly BrokerConnection[]>(),
    },
  },
  streams: {
    /** What is kept already, and then new requests. `UNSUPPORTED` on a remote cluster. */
    'wire.watch': { input: object({ cluster, filter }), item: returns<WireUpdate>() },
  },
  events: {},
} as const satisfies Contract
