/** The controllers at a glance: who leads, and whether the others keep up. */
import { Link } from '@tanstack/react-router'
import type { ClusterReplication } from '../../../src-main/contract/model/replication.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { QuorumFacts, QuorumTable } from '../../replication/quorum-table.tsx'

interface QuorumPanelProps {
  readonly replication: ClusterReplication
  readonly onDone: () => void
}

export function QuorumPanel({ replication, onDone }: QuorumPanelProps) {
  const cluster = useCluster().id
  const { reassignments } = replication
  return (
    <section className="panel">
      <header className="panel-head">
        <h2 className="section-title">{t('quorum.title')}</h2>
        <QuorumFacts replication={replication} />
      </header>
      <QuorumTable replication={replication} full={false} onDone={onDone} />
      {reassignments.length > 0 && (
        <Link to="/$cluster/brokers" params={{ cluster }} className="panel-more">
          {t('reassign.underWay')}: {reassignments.length}
        </Link>
      )}
    </section>
  )
}
