/** Health as a sentence; every reason why not as a sentence below it. */
import { Link } from '@tanstack/react-router'
import type { ClusterOverview, HealthReason } from '../../../src-main/contract/model/cluster.ts'
import type { PartitionState } from '../../../src-main/contract/model/replication.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { useSilence } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'

const SUBJECTS_SHOWN = 6

/** Where a reason's partitions are listed. */
const LISTED_AS: Partial<Readonly<Record<HealthReason['code'], PartitionState>>> = {
  OFFLINE_PARTITIONS: 'leaderless',
  UNDER_MIN_ISR_PARTITIONS: 'below-min-isr',
  AT_MIN_ISR_PARTITIONS: 'at-min-isr',
  UNDER_REPLICATED_PARTITIONS: 'under-replicated',
}

interface HealthProps {
  readonly overview: ClusterOverview
  /** Of the quorum; null where it is not known. */
  readonly leaderId: number | null
}

export function Health({ overview, leaderId }: HealthProps) {
  const cluster = useCluster()
  const { health, brokers } = overview
  const lost = health.some(({ code }) => code === 'NO_CONTROLLER')
  const controllerId = lost ? null : (leaderId ?? overview.controllerId)
  const worst = useSilence() ? 'silent' : worstOf(health)
  const online = brokers.filter(({ state }) => state === 'online').length
  return (
    <section className="health" aria-label={t('overview.health')}>
      <h1 className="health-sentence">
        <span className={`health-glyph ${worst === 'silent' ? 'error' : worst}`} aria-hidden>
          {worst === 'good' ? '●' : worst === 'warning' ? '◐' : '✕'}
        </span>
        {t(`overview.sentence.${worst}`, { name: cluster.name, count: health.length })}
      </h1>
      <p className="health-facts">
        <Fact name={t('overview.brokersOnline')} value={`${online} / ${brokers.length}`} />
        <Fact name={t('navigation.topics')} value={formatCount(overview.topicCount)} />
        <Link
          to="/$cluster/partitions"
          params={{ cluster: cluster.id }}
          className="fact-link"
          title={t('overview.partitionsHint')}
        >
          <Fact name={t('overview.partitions')} value={formatCount(overview.partitionCount)} />
        </Link>
        <Fact name={t('overview.stored')} value={formatBytes(overview.sizeBytes)} />
        {controllerId !== null && (
          <Fact name={t('overview.controller')} value={String(controllerId)} />
        )}
        {overview.version !== null && (
          <Fact name={t('overview.version')} value={overview.version} />
        )}
      </p>
      {health.length > 0 && (
        <ul className="health-reasons">
          {health.map(reason => (
            <Reason key={reason.code} reason={reason} />
          ))}
        </ul>
      )}
    </section>
  )
}

function worstOf(health: readonly HealthReason[]): 'good' | 'warning' | 'error' {
  if (health.some(({ severity }) => severity === 'error')) return 'error'
  return health.length > 0 ? 'warning' : 'good'
}

function Reason({ reason }: { readonly reason: HealthReason }) {
  const cluster = useCluster().id
  const { code, severity, subjects, subjectCount } = reason
  const state = LISTED_AS[code]
  const words = { count: subjectCount, formatted: formatCount(subjectCount), subject: subjects[0] }
  const said = t(`overview.reason.${code}`, words)
  return (
    <li>
      <span className={severity === 'error' ? 'bad' : 'warn'}>
        {severity === 'error' ? '✕' : '◐'}
      </span>
      {state === undefined ? (
        <Link to="/$cluster/brokers" params={{ cluster }} className="reason-link">
          {said}
        </Link>
      ) : (
        <Link
          to="/$cluster/partitions"
          params={{ cluster }}
          search={{ state }}
          className="reason-link"
        >
          {said}
        </Link>
      )}
      {subjectCount > 1 && (
        <span className="mono faint clip" title={subjects.join('\n')}>
          {subjects.slice(0, SUBJECTS_SHOWN).join(', ')}
          {subjectCount > SUBJECTS_SHOWN &&
            ` ${t('overview.more', { count: subjectCount - SUBJECTS_SHOWN })}`}
        </span>
      )}
    </li>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="fact">
      <span className="faint">{name}</span> {value}
    </span>
  )
}
