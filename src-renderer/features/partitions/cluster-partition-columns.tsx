import {
  partitionStates,
  type ListedPartition,
} from '../../../src-main/contract/model/replication.ts'
import { t } from '../../i18n/i18n.ts'
import { partitionStateLooks } from '../../replication/partition-states.ts'
import { ReplicaGlyph, type ReplicaStanding } from '../../replication/replica-strip.tsx'
import { brokerHue } from '../../ui/broker-hue.ts'
import { UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'
import { RowLink } from '../../ui/row-link.tsx'
import type { Column } from '../../ui/table/column.ts'

export function nameOf({ topic, partition }: ListedPartition): string {
  return `${topic}-${partition}`
}

/** `silent`: brokers that do not answer, and that the cluster has not fenced yet. */
export function listedColumns(
  cluster: string,
  silent: ReadonlySet<number>,
): readonly Column<ListedPartition>[] {
  return [
    {
      id: 'partition',
      title: t('clusterPartitions.partition'),
      width: 240,
      grow: 1,
      sortable: true,
      text: nameOf,
      cell: row => (
        <RowLink
          path={[cluster, 'topics', row.topic, 'partitions']}
          search={`?open=${row.partition}`}
          title={nameOf(row)}
        >
          {nameOf(row)}
        </RowLink>
      ),
    },
    {
      id: 'state',
      title: t('replication.why'),
      width: 260,
      grow: 1,
      text: ({ states }) => states.join(' '),
      cell: row => <States row={row} silent={silent} />,
    },
    {
      id: 'leader',
      title: t('partitions.leader'),
      width: 92,
      sortable: true,
      text: ({ leader }) => String(leader ?? ''),
      cell: ({ leader }) =>
        leader === null ? (
          <span className="bad">{t('clusterPartitions.nobody')}</span>
        ) : (
          <BrokerMark id={leader} />
        ),
    },
    {
      id: 'replicas',
      title: t('partitions.replicas'),
      hint: t('partitions.replicasHint'),
      width: 150,
      text: ({ replicas }) => replicas.join(','),
      cell: row => <Replicas row={row} silent={silent} />,
    },
    {
      id: 'inSync',
      title: t('partitions.isr'),
      hint: t('partitions.isrHint'),
      width: 84,
      sortable: true,
      text: ({ isr }) => isr.join(','),
      cell: ({ isr, replicas }) => (
        <span className={isr.length < replicas.length ? 'warn' : 'quiet'} title={isr.join(', ')}>
          {t('partitions.isrOf', { count: isr.length, all: replicas.length })}
        </span>
      ),
    },
    {
      id: 'minIsr',
      title: t('replication.minIsr'),
      hint: t('clusterPartitions.minIsrHint'),
      width: 84,
      align: 'end',
      text: ({ minInSyncReplicas }) => String(minInSyncReplicas ?? ''),
      cell: ({ minInSyncReplicas }) =>
        minInSyncReplicas ?? <span className="faint">{UNKNOWN}</span>,
    },
  ]
}

interface CellProps {
  readonly row: ListedPartition
  readonly silent: ReadonlySet<number>
}

/** The worst state says it; the others that it implies are not repeated. */
function States({ row: { states, replicas }, silent }: CellProps) {
  const waiting = replicas.filter(id => silent.has(id))
  if (waiting.length > 0 && !states.includes('leaderless'))
    return (
      <span className="bad clip">
        <Glyph state="outOfSync" />{' '}
        {t('partitions.silent', { count: waiting.length, list: waiting.join(', ') })}
      </span>
    )
  const worst = partitionStates.find(state => states.includes(state))
  if (worst === undefined)
    return (
      <span className="quiet">
        <Glyph state="inSync" /> {t('clusterPartitions.fine')}
      </span>
    )
  const others = states.filter(
    state => state !== worst && (state === 'moving' || state === 'not-preferred'),
  )
  const { tone, glyph } = partitionStateLooks[worst]
  return (
    <span title={t(`partitionState.hint.${worst}`)}>
      <Glyph state={glyph} explanation={t(`partitionState.hint.${worst}`)} />{' '}
      <span className={tone}>{t(`partitionState.name.${worst}`)}</span>
      {others.map(state => (
        <span key={state} className="faint">
          {' · '}
          {t(`partitionState.name.${state}`)}
        </span>
      ))}
    </span>
  )
}

function Replicas({ row: { leader, replicas, isr, offline }, silent }: CellProps) {
  return (
    <span className="replicas">
      {replicas.map(broker => {
        const standing = listedStanding(broker, { leader, isr, offline, silent })
        const { colour } = brokerHue(broker)
        return (
          <span key={broker} className="replica" style={{ color: colour }}>
            <ReplicaGlyph
              standing={standing}
              colour={colour}
              explanation={t(`partitions.replicaState.${standing}`, { broker })}
            />
            <span className="mono small">{broker}</span>
          </span>
        )
      })}
    </span>
  )
}

type Listed = Pick<ListedPartition, 'leader' | 'isr' | 'offline'> & {
  readonly silent: ReadonlySet<number>
}

function listedStanding(broker: number, { leader, isr, offline, silent }: Listed): ReplicaStanding {
  if (broker === leader) return silent.has(broker) ? 'silentLeader' : 'leader'
  if (offline.includes(broker)) return 'offline'
  if (silent.has(broker)) return 'silent'
  return isr.includes(broker) ? 'inSync' : 'outOfSync'
}
