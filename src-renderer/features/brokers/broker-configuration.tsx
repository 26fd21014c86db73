/** The configurations of one broker, or the default of all of them: read, changed, read back. */
import type { ConfigurationResource } from '../../../src-main/contract/model/configuration.ts'
import { alterConfiguration } from '../../connection/alter-configuration.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ConfigurationEditor } from '../../ui/configuration/configuration-editor.tsx'
import { Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import type { BrokerSearch } from './brokers-search.ts'

const INTERVAL_MS = 5_000

interface BrokerConfigurationProps {
  readonly resource: ConfigurationResource
  readonly title: string
  readonly search: BrokerSearch
  readonly change: (next: Partial<BrokerSearch>) => void
}

export function BrokerConfiguration({ resource, title, search, change }: BrokerConfigurationProps) {
  const client = useClient()
  const { id: cluster, bootstrap, readOnly } = useCluster()
  const key = `${cluster}|${JSON.stringify(resource)}`
  const answer = useHeld(
    () => new AskedAnswer(client, 'configuration.describe', { cluster, resource }, INTERVAL_MS),
    key,
  )
  const { value, problem } = useStore(answer)
  const what = t('configuration.reading', { thing: title })
  if (value === null)
    return problem === null ? (
      <Loading what={t('configuration.waiting', { thing: title })} />
    ) : (
      <Failure what={what} problem={problem} onRetry={answer.refresh} />
    )
  return (
    <>
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={answer.refresh} />}
      <ConfigurationEditor
        key={key}
        id="broker-configuration"
        title={title}
        resource={resource}
        bootstrap={bootstrap}
        entries={value}
        filter={search.q ?? ''}
        onlyChanged={search.changed === '1'}
        onFilter={q => change({ q: q === '' ? undefined : q })}
        onOnlyChanged={only => change({ changed: only ? '1' : undefined })}
        active={search.config ?? null}
        onActive={config => change({ config: config ?? undefined })}
        whyNot={readOnly ? t('readOnly') : null}
        alter={alterConfiguration(client, cluster, resource)}
        onAltered={answer.refresh}
      />
    </>
  )
}
