/** One partition in full: what is to be known about it in words, its replicas, and its figures. */
import { X } from 'lucide-react'
import { useState } from 'react'
import type { PartitionReplication } from '../../../src-main/contract/model/replication.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { findingWords } from '../../replication/finding-words.ts'
import { UncleanElection } from '../../replication/unclean-election.tsx'
import { Button } from '../../ui/button.tsx'
import { UNKNOWN } from '../../ui/format/number.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { PartitionLanes } from './partition-lanes.tsx'

interface PartitionPanelProps {
  readonly topic: string
  readonly partition: PartitionReplication
  readonly minInSyncReplicas: number | null
  readonly onClose: () => void
}

export function PartitionPanel(props: PartitionPanelProps) {
  const { topic, partition, minInSyncReplicas, onClose } = props
  const title = t('replication.partition', { partition: partition.partition })
  return (
    <aside className="panel" aria-label={title}>
      <header className="panel-head">
        <strong>{title}</strong>
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('replication.close')}
          title={`${t('replication.close')} · Esc`}
          onClick={onClose}
        />
      </header>
      <div className="partition-panel" tabIndex={0} role="region" aria-label={title}>
        <Findings partition={partition} />
        {partition.leader === null && <Unclean topic={topic} partition={partition} />}
        <h3 className="section-title">{t('replication.replicas')}</h3>
        <PartitionLanes partition={partition} />
        <h3 className="section-title">{t('replication.facts')}</h3>
        <Facts partition={partition} minInSyncReplicas={minInSyncReplicas} />
      </div>
    </aside>
  )
}

function Findings({ partition }: { readonly partition: PartitionReplication }) {
  const zone = useZone()
  const { findings, replicas } = partition
  if (findings.length === 0)
    return (
      <p className="quiet">
        <Glyph state="inSync" /> {t('replication.fine', { count: replicas.length })}
      </p>
    )
  return (
    <ul className="partition-findings" aria-live="polite">
      {findings.map(finding => {
        const { tone, glyph, text } = findingWords(finding, zone)
        const about = 'broker' in finding ? finding.broker : ''
        return (
          <li key={`${finding.type} ${about}`}>
            <Glyph state={glyph} />
            <span className={tone}>{text}</span>
          </li>
        )
      })}
    </ul>
  )
}

function Unclean({ topic, partition }: { topic: string; partition: PartitionReplication }) {
  const { readOnly } = useCluster()
  const [open, setOpen] = useState(false)
  const possible = partition.findings.some(({ type }) => type === 'unclean-choice')
  if (!possible) return null
  return (
    <div>
      <Button kind="danger" whyNot={readOnly ? t('readOnly') : null} onClick={() => setOpen(true)}>
        {t('elect.uncleanAct')}
      </Button>
      <UncleanElection
        opened={open}
        onClose={() => setOpen(false)}
        topic={topic}
        partition={partition}
      />
    </div>
  )
}

interface FactsProps {
  readonly partition: PartitionReplication
  readonly minInSyncReplicas: number | null
}

function Facts({ partition, minInSyncReplicas }: FactsProps) {
  const { leader, leaderEpoch, partitionEpoch, highWatermark, replicas, adding, removing } =
    partition
  const led = replicas.find(({ isLeader }) => isLeader)
  const whyNot =
    led === undefined || led.brokerState === 'online'
      ? t('replication.notTold')
      : t('replication.leaderSilent')
  const isr = replicas.filter(({ inSync }) => inSync).map(({ broker }) => broker)
  return (
    <dl className="partition-facts">
      <dt>{t('replication.leader')}</dt>
      <dd>{leader ?? t('replication.nobody')}</dd>
      <dt>{t('replication.epoch')}</dt>
      <dd>{leaderEpoch ?? UNKNOWN}</dd>
      <dt>{t('replication.partitionEpoch')}</dt>
      <Told value={partitionEpoch} whyNot={whyNot} />
      <dt>{t('replication.highWatermark')}</dt>
      <dd>{highWatermark === null ? UNKNOWN : String(highWatermark)}</dd>
      <dt>{t('replication.isr')}</dt>
      <dd>{listed(isr)}</dd>
      <dt>{t('replication.elr')}</dt>
      <Told
        value={partition.elr === null ? null : listed(partition.elr)}
        whyNot={t('replication.notTold')}
      />
      <dt>{t('replication.lastKnownElr')}</dt>
      <Told
        value={partition.lastKnownElr === null ? null : listed(partition.lastKnownElr)}
        whyNot={t('replication.notTold')}
      />
      <dt>{t('replication.minIsr')}</dt>
      <dd>{minInSyncReplicas ?? UNKNOWN}</dd>
      {adding.length > 0 && (
        <>
          <dt>{t('replication.adding')}</dt>
          <dd>{listed(adding)}</dd>
        </>
      )}
      {removing.length > 0 && (
        <>
          <dt>{t('replication.removing')}</dt>
          <dd>{listed(removing)}</dd>
        </>
      )}
    </dl>
  )
}

interface ToldProps {
  readonly value: number | string | null
  readonly whyNot: string
}

function Told({ value, whyNot }: ToldProps) {
  if (value === null) return <dd className="faint">{whyNot}</dd>
  return <dd>{value}</dd>
}

function listed(ids: readonly number[]): string {
  return ids.length === 0 ? t('replication.none') : ids.join(', ')
}
