import { Link } from '@tanstack/react-router'
import { Boxes, Cable, LayoutDashboard, Rows3, Server } from 'lucide-react'
import { useCluster } from '../connection/client-context.tsx'
import { useOverview } from '../connection/cluster-live.tsx'
import { t } from '../i18n/i18n.ts'
import { formatCount } from '../ui/format/number.ts'

export function Navigation() {
  const cluster = useCluster()
  const { value } = useOverview()
  const params = { cluster: cluster.id }
  const troubled = value?.brokers.some(broker => broker.state !== 'online') === true
  return (
    <nav className="navigation" aria-label={t('navigation.pages')}>
      <div className="navigation-cluster">
        <span className="navigation-name clip">{cluster.name}</span>
        <span className="faint small clip">{t(`cluster.kind.${cluster.kind}`)}</span>
      </div>
      <Link to="/$cluster/overview" params={params} className="navigation-link">
        <LayoutDashboard size={15} aria-hidden />
        {t('navigation.overview')}
      </Link>
      <Link to="/$cluster/topics" params={params} className="navigation-link">
        <Rows3 size={15} aria-hidden />
        {t('navigation.topics')}
        {value !== null && (
          <span className="navigation-count">{formatCount(value.topicCount)}</span>
        )}
      </Link>
      <Link to="/$cluster/groups" params={params} className="navigation-link">
        <Boxes size={15} aria-hidden />
        {t('navigation.groups')}
      </Link>
      <Link to="/$cluster/brokers" params={params} className="navigation-link">
        <Server size={15} aria-hidden />
        {t('navigation.brokers')}
        {value !== null && (
          <span className="navigation-count" data-troubled={troubled || undefined}>
            {formatCount(value.brokers.length)}
          </span>
        )}
      </Link>
      {cluster.kind === 'local' && (
        <Link to="/$cluster/wire" params={params} className="navigation-link">
          <Cable size={15} aria-hidden />
          {t('navigation.wire')}
        </Link>
      )}
    </nav>
  )
}
