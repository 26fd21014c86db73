/** A topic's configuration: read from the cluster, changed, and read back. */
import { getRouteApi } from '@tanstack/react-router'
import { alterConfiguration } from '../../connection/alter-configuration.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ConfigurationEditor } from '../../ui/configuration/configuration-editor.tsx'
import { Explanation } from '../../ui/explanation.tsx'
import { Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import type { ConfigurationSearch } from './configuration-search.ts'

const route = getRouteApi('/$cluster/topics/$topic/configuration')
const INTERVAL_MS = 5_000

export function ConfigurationPage() {
  const client = useClient()
  const { id: cluster, bootstrap, readOnly, kind } = useCluster()
  const { topic } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const key = `${cluster}|${topic}`
  const resource = { type: 'topic', name: topic } as const
  const answer = useHeld(
    () => new AskedAnswer(client, 'configuration.describe', { cluster, resource }, INTERVAL_MS),
    key,
  )
  const settings = useHeld(() => new AskedAnswer(client, 'topic.settings', { cluster, topic }), key)
  const about = useStore(settings).value
  const { value, problem } = useStore(answer)
  const change = (next: Partial<ConfigurationSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const what = t('configuration.reading', { thing: topic })
  if (value === null) {
    if (problem === null) return <Loading what={t('configuration.waiting', { thing: topic })} />
    if (isGone(problem))
      return (
        <Gone sentence={t('messages.gone', { topic })}>
          <route.Link to="/$cluster/topics" params={{ cluster }} className="button">
            {t('messages.toTopics')}
          </route.Link>
        </Gone>
      )
    return <Failure what={what} problem={problem} onRetry={answer.refresh} />
  }
  const compacts = value.some(
    entry => entry.name === 'cleanup.policy' && entry.value?.includes('compact') === true,
  )
  return (
    <div className="page">
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={answer.refresh} />}
      {compacts && kind === 'local' && (
        <div className="notice" role="note">
          {t('configuration.compactNotice')}
        </div>
      )}
      <ConfigurationEditor
        key={key}
        id="topic-configuration"
        title={topic}
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
        {...(about === null ? {} : { context: about })}
        note={
          <p className="quiet small">
            <Explanation text={t('configuration.retentionNote')} />
          </p>
        }
        alter={alterConfiguration(client, cluster, resource)}
        onAltered={answer.refresh}
      />
    </div>
  )
}
