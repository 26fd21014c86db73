/** What every broker takes unless it has its own: the cluster's dynamic default configurations. */
import { getRouteApi } from '@tanstack/react-router'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { BrokerConfiguration } from './broker-configuration.tsx'

const route = getRouteApi('/$cluster/broker-defaults')

export function BrokerDefaultsPage() {
  const cluster = useCluster().id
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <div className="page">
      <header className="topic-head">
        <route.Link to="/$cluster/brokers" params={{ cluster }} className="faint crumb">
          {t('navigation.brokers')}
        </route.Link>
        <span className="faint">/</span>
        <h1 className="page-title">{t('brokers.defaults')}</h1>
        <span className="topic-facts faint clip">{t('brokers.defaultsHint')}</span>
      </header>
      <BrokerConfiguration
        resource={{ type: 'brokers' }}
        title={t('brokers.defaults')}
        search={search}
        change={next =>
          void navigate({ search: before => ({ ...before, ...next }), replace: true })
        }
      />
    </div>
  )
}
