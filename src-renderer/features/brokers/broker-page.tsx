/** One broker: where it is, what it holds, how it is configured, and who is connected. */
import { getRouteApi } from '@tanstack/react-router'
import type { BrokerDescription } from '../../../src-main/contract/model/cluster.ts'
import type { BrokerStorage } from '../../../src-main/contract/model/storage.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { addressOf } from '../../ui/broker-columns.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'
import { Empty, Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { BrokerConfiguration } from './broker-configuration.tsx'
import { BrokerConnections } from './broker-connections.tsx'
import { BrokerReplicas } from './broker-replicas.tsx'
import { BROKER_TABS, type BrokerSearch } from './brokers-search.ts'
import { LogDirs } from './log-dirs.tsx'
import { countedSegments } from './segments.ts'
import { useBrokerStorage } from './use-broker-storage.ts'
import './brokers.css'

const route = getRouteApi('/$cluster/brokers/$broker')
const INTERVAL_MS = 5_000

export function BrokerPage() {
  const client = useClient()
  const { id: cluster, kind } = useCluster()
  const { broker } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const brokerId = /^\d{1,10}$/.test(broker) ? Number(broker) : -1
  const answer = useHeld(
    () => new AskedAnswer(client, 'broker.describe', { cluster, brokerId }, INTERVAL_MS),
    `${cluster}|${broker}`,
  )
  const { value, problem } = useStore(answer)
  const storage = useBrokerStorage()
  const what = t('broker.reading', { broker })
  if (value === null) {
    if (problem === null) return <Loading what={t('broker.waiting', { broker })} />
    if (isGone(problem))
      return (
        <Gone sentence={t('broker.gone', { broker })}>
          <route.Link to="/$cluster/brokers" params={{ cluster }} className="button">
            {t('broker.toBrokers')}
          </route.Link>
        </Gone>
      )
    return <Failure what={what} problem={problem} onRetry={answer.refresh} />
  }
  const change = (next: Partial<BrokerSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const { tab = 'configuration' } = search
  return (
    <div className="page">
      <Head value={value} cluster={cluster} storage={storage} />
      <div className="tabs page-tabs" role="tablist">
        {BROKER_TABS.map(each => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tab"
            aria-selected={each === tab}
            onClick={() => void navigate({ search: each === 'configuration' ? {} : { tab: each } })}
          >
            {t(`broker.tab.${each}`)}
            {each === 'replicas' && (
              <span className="faint"> {formatCount(value.replicas.length)}</span>
            )}
          </button>
        ))}
      </div>
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={answer.refresh} />}
      {tab === 'configuration' && (
        <BrokerConfiguration
          resource={{ type: 'broker', brokerId }}
          title={t('broker.title', { broker })}
          search={search}
          change={change}
        />
      )}
      {tab === 'replicas' && (
        <BrokerReplicas replicas={value.replicas} search={search} change={change} />
      )}
      {tab === 'connections' &&
        (kind === 'remote' ? (
          <Empty sentence={t('broker.remoteConnections')} />
        ) : (
          <BrokerConnections
            brokerId={brokerId}
            answers={problem === null}
            search={search}
            change={change}
          />
        ))}
    </div>
  )
}

interface HeadProps {
  readonly value: BrokerDescription
  readonly cluster: string
  /** Null where it is not known. */
  readonly storage: readonly BrokerStorage[] | null
}

function Head({ value, cluster, storage }: HeadProps) {
  const { summary } = value
  const address = addressOf(summary)
  return (
    <header className="broker-head">
      <div className="topic-head">
        <route.Link to="/$cluster/brokers" params={{ cluster }} className="faint crumb">
          {t('navigation.brokers')}
        </route.Link>
        <span className="faint">/</span>
        <h1 className="page-title">
          <BrokerMark id={summary.id} />
        </h1>
        {address !== null && (
          <span className="mono copyable">
            {address}
            <CopyButton text={address} label={t('brokers.copyAddress')} />
          </span>
        )}
        {summary.isController && <span className="tag">{t('brokers.controller')}</span>}
      </div>
      <dl className="broker-facts">
        <dt>{t('brokers.leaders')}</dt>
        <dd>{formatCount(summary.leaderCount)}</dd>
        <dt>{t('brokers.replicas')}</dt>
        <dd>{t('brokers.inSync', { count: summary.inSyncCount, all: summary.replicaCount })}</dd>
        <dt>{t('brokers.size')}</dt>
        <dd>{formatBytes(summary.sizeBytes)}</dd>
        <dt>{t('broker.apis')}</dt>
        <dd
          title={value.apis
            .map(api => `${api.name} ${api.minVersion}–${api.maxVersion}`)
            .join('\n')}
        >
          {t('broker.apiCount', { count: value.apis.length })}
        </dd>
      </dl>
      <LogDirs value={value} counted={countedSegments(storage, summary.id)} />
    </header>
  )
}
