/** Health as a sentence; every reason why not as a sentence below it. */
import type { ClusterOverview } from '../../../src-main/contract/model/cluster.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'

const SUBJECTS_SHOWN = 6

interface HealthProps {
  readonly overview: ClusterOverview
  /** Of the quorum; null where it is not known. */
  readonly leaderId: number | null
}

export function Health({ overview, leaderId }: HealthProps) {
  const cluster = useCluster()
  const { health, brokers } = overview
  const controllerId = leaderId ?? overview.controllerId
  const worst = health.some(({ severity }) => severity === 'error')
    ? 'error'
    : health.length > 0
      ? 'warning'
      : 'good'
  const online = brokers.filter(({ state }) => state === 'online').length
  return (
    <section className="health" aria-label={t('overview.health')}>
      <h1 className="health-sentence">
        <span className={`health-glyph ${worst}`} aria-hidden>
          {worst === 'good' ? '●' : worst === 'warning' ? '◐' : '✕'}
        </span>
        {t(`overview.sentence.${worst}`, { name: cluster.name, count: health.length })}
      </h1>
      <p className="health-facts">
        <Fact name={t('overview.brokersOnline')} value={`${online} / ${brokers.length}`} />
        <Fact name={t('navigation.topics')} value={formatCount(overview.topicCount)} />
        <Fact name={t('overview.partitions')} value={formatCount(overview.partitionCount)} />
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
            <li key={reason.code}>
              <span className={reason.severity === 'error' ? 'bad' : 'warn'}>
                {reason.severity === 'error' ? '✕' : '◐'}
              </span>
              <span>{reason.message}</span>
              <span className="mono faint clip" title={reason.subjects.join('\n')}>
                {reason.subjects.slice(0, SUBJECTS_SHOWN).join(', ')}
                {reason.subjectCount > SUBJECTS_SHOWN &&
                  ` ${t('overview.more', { count: reason.subjectCount - SUBJECTS_SHOWN })}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="fact">
      <span className="faint">{name}</span> {value}
    </span>
  )
}
