/** Configurations of topics and brokers: what they are, and changes to them. */
import { array, boolean, literal, nullable, object, string, union } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { AlteredConfiguration, ConfigurationEntry } from '../model/configuration.ts'
import { brokerId, cluster, topic } from './names.ts'

const resource = union({ topic: { name: topic }, broker: { brokerId }, brokers: {} })
const name = string({ minLength: 1, maxLength: 249 })

export const configurationApi = {
  commands: {
    /** Of all brokers at once (`brokers`): everything that can be set so, with what is set. */
    'configuration.describe': {
      input: object({ cluster, resource }),
      output: returns<readonly ConfigurationEntry[]>(),
    },
    /**
     * Each resource is decided alone, and all of its changes are made or none. With `validateOnly`
     * the cluster only says whether it would.
     */
    'configuration.alter': {
      input: object({
        cluster,
        resources: array(resource, { maxLength: 1_000 }),
        /** The same for each resource. */
        changes: array(
          object({
            name,
            operation: literal('set', 'reset', 'append', 'subtract'),
            value: nullable(string({ maxLength: 32_767 })),
          }),
          { maxLength: 200 },
        ),
        validateOnly: boolean,
      }),
      output: returns<readonly AlteredConfiguration[]>(),
    },
  },
  streams: {},
  events: {
    /** Something was changed from here. */
    'configurations.changed': returns<{ readonly cluster: string }>(),
  },
} as const satisfies Contract
