/** What a person wants to know in the first five seconds. */
import { useCluster } from '../../connection/client-context.tsx'
import { useOverview, useOverviewRetry } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { useClusterReplication } from '../../replication/cluster-replication.ts'
import { Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { BrokerMap } from './broker-map.tsx'
import { BusiestTopics } from './busiest-topics.tsx'
import { ConnectPanel } from './connect-panel.tsx'
import { Health } from './health.tsx'
import { LaggingGroups } from './lagging-groups.tsx'
import { QuorumPanel } from './quorum-panel.tsx'
import { RatesPanel } from './rates-panel.tsx'
import './overview.css'

export function OverviewPage() {
  const cluster = useCluster()
  const { value, problem } = useOverview()
  const retry = useOverviewRetry()
  const { value: replication, refresh } = useClusterReplication()
  const what = t('overview.reading', { name: cluster.name })
  if (value === null)
    return problem === null ? (
      <Loading what={t('overview.waiting', { name: cluster.name })} />
    ) : (
      <Failure what={what} problem={problem} onRetry={retry} />
    )
  return (
    <div className="overview">
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={retry} />}
      <Health overview={value} leaderId={replication?.quorum?.leaderId ?? null} />
      <div className="overview-grid">
        <RatesPanel />
        <div className="overview-stack">
          <BrokerMap overview={value} nodes={replication?.nodes ?? null} />
          {replication !== null && <QuorumPanel replication={replication} onDone={refresh} />}
        </div>
        <BusiestTopics />
        <LaggingGroups />
      </div>
      <ConnectPanel bootstrap={cluster.bootstrap} />
    </div>
  )
}
