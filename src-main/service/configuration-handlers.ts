/** Configurations of topics and brokers. */
import { alterConfigurations } from '../topics/alter-configurations.ts'
import { describeConfigurations } from '../topics/topic-configurations.ts'
import type { Commands, ServiceContext } from './handlers.ts'

export function configurationHandlers({ clusters, events, wait }: ServiceContext) {
  const commands = {
    'configuration.describe': async ({ cluster, resource }) => {
      const { client, kind } = clusters.get(cluster)
      return describeConfigurations(client, resource, kind === 'local')
    },
    'configuration.alter': async ({ cluster, resources, changes, validateOnly }, signal) => {
      const { client, kind } = clusters.getForChange(cluster)
      const altered = await alterConfigurations(
        client,
        { resources, changes, validateOnly },
        { ownEngine: kind === 'local', wait, signal },
      )
      if (!validateOnly) events.emit('configurations.changed', { cluster })
      return altered
    },
  } satisfies Commands
  return { commands }
}
