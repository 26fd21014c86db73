import {
  partitionStates,
  type ListedPartition,
} from '../../../src-main/contract/model/replication.ts'
import { t } from '../../i18n/i18n.ts'
import { partitionStateLooks } from '../../replication/partition-states.ts'
import { brokerHue } from '../../ui/broker-hue.ts'
import { UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'
import { RowLink } from '../../ui/row-link.tsx'
import type { Column } from '../../ui/table/column.ts'

export function nameOf({ topic, partition }: ListedPartition): string {
  return `${topic}-${partition}`
}

export function listedColumns(cluster: string): readonly Column<ListedPartition>[] {
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
      cell: row => <States row={row} />,
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
      cell: row => <Replicas row={row} />,
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

/** The worst state says it; the others that it implies are not repeated. */
function States({ row: { states } }: { readonly row: ListedPartition }) {
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

function Replicas({ row }: { readonly row: ListedPartition }) {
  const { leader, replicas, isr, offline } = row
  return (
    <span className="replicas">
      {replicas.map(broker => {
        const state =
          broker === leader
            ? 'leader'
            : offline.includes(broker)
              ? 'offline'
              : isr.includes(broker)
                ? 'inSync'
                : 'outOfSync'
        const { colour } = brokerHue(broker)
        const well = state === 'leader' || state === 'inSync'
        return (
          <span key={broker} className="replica" style={{ color: colour }}>
            <Glyph
              state={state}
              colour={well ? colour : undefined}
              explanation={t(`partitions.replicaState.${state}`, { broker })}
            />
            <span className="mono small">{broker}</span>
          </span>
        )
      })}
    </span>
  )
}
