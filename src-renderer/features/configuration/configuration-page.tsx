/** A topic's configuration, read from the cluster. */
import { getRouteApi } from '@tanstack/react-router'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ConfigurationTable } from '../../ui/configuration-table.tsx'
import { Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import type { ConfigurationSearch } from './configuration-search.ts'

const route = getRouteApi('/$cluster/topics/$topic/configuration')
const INTERVAL_MS = 5_000

export function ConfigurationPage() {
  const client = useClient()
  const cluster = useCluster().id
  const { topic } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const answer = useHeld(
    () => new AskedAnswer(client, 'topic.configurations', { cluster, topic }, INTERVAL_MS),
    `${cluster}|${topic}`,
  )
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
      {compacts && (
        <div className="notice" role="note">
          {t('configuration.compactNotice')}
        </div>
      )}
      <ConfigurationTable
        id="topic-configuration"
        entries={value}
        filter={search.q ?? ''}
        onlyChanged={search.changed === '1'}
        onFilter={q => change({ q: q === '' ? undefined : q })}
        onOnlyChanged={only => change({ changed: only ? '1' : undefined })}
      />
    </div>
  )
}
