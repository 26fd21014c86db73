/** Asks for a change of one resource's configurations; what goes wrong is an outcome like another. */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type {
  ConfigurationChange,
  AlteredConfiguration,
  ConfigurationResource,
} from '../../src-main/contract/model/configuration.ts'
import { problemOf } from './answer.ts'

export type AlterConfiguration = (
  changes: readonly ConfigurationChange[],
  validateOnly: boolean,
) => Promise<AlteredConfiguration>

export function alterConfiguration(
  client: ApplicationClient,
  cluster: string,
  resource: ConfigurationResource,
): AlterConfiguration {
  return async (changes, validateOnly) => {
    try {
      const input = { cluster, resources: [resource], changes, validateOnly }
      return (await client.call('configuration.alter', input))[0]!
    } catch (error) {
      // Shown where the change is prepared, which stays as it is.
      return { resource, problem: problemOf(error), problemName: null, readBack: null }
    }
  }
}
