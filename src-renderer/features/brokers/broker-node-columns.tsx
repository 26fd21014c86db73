/** What the quorum and whoever runs a broker say of it, as columns beside those of its load. */
import type { BrokerSummary } from '../../../src-main/contract/model/cluster.ts'
import type { NodeSummary } from '../../../src-main/contract/model/replication.ts'
import { t } from '../../i18n/i18n.ts'
import { NodeActs } from '../../replication/node-acts.tsx'
import { NodeStateWord } from '../../replication/node-state.tsx'
import { brokerColumns } from '../../ui/broker-columns.tsx'
import { UNKNOWN } from '../../ui/format/number.ts'
import type { Column } from '../../ui/table/column.ts'

interface NodeColumns {
  readonly leaderShare: number | null
  /** Null until they are told. */
  readonly nodes: readonly NodeSummary[] | null
  readonly onDone: () => void
}

export function brokerNodeColumns(about: NodeColumns): readonly Column<BrokerSummary>[] {
  const { leaderShare, nodes, onDone } = about
  const byId = new Map(nodes?.map(node => [node.id, node]))
  const combined = nodes?.some(({ kind }) => kind === 'combined') === true
  const columns = brokerColumns(leaderShare)
    .map(column => (column.id === 'state' ? stateColumn(column, byId) : column))
    .map(column => ({ ...column, width: widths[column.id] ?? column.width }))
    .map(column =>
      column.id === 'id' && combined ? { ...column, width: WITH_CONTROLLER_PX } : column,
    )
  const preferred = columns.findIndex(({ id }) => id === 'leaderSkew') + 1
  return [
    ...columns.slice(0, preferred),
    preferredColumn(byId),
    ...columns.slice(preferred),
    epochColumn(byId),
    actsColumn(byId, onDone),
  ]
}

/** Room for the tag of the one that is the controller. */
const WITH_CONTROLLER_PX = 128

/** So that all of them fit beside each other at 1280 pixels. */
const widths: Readonly<Record<string, number>> = {
  id: 80,
  state: 104,
  address: 164,
  leaders: 78,
  leaderSkew: 76,
  replicas: 82,
  size: 84,
}

type ById = ReadonlyMap<number, NodeSummary>

/** A broker that is paused or fenced looks as if it was there to who only reads Metadata. */
function stateColumn(column: Column<BrokerSummary>, byId: ById): Column<BrokerSummary> {
  const nodeOf = (broker: BrokerSummary): NodeSummary | undefined => {
    const node = byId.get(broker.id)
    return node?.state === 'running' && broker.state !== 'online' ? undefined : node
  }
  return {
    ...column,
    text: broker => nodeOf(broker)?.state ?? column.text(broker),
    cell: broker => {
      const node = nodeOf(broker)
      if (node === undefined) return column.cell(broker)
      return <NodeStateWord state={node.state} reason={node.reason} />
    },
  }
}

function preferredColumn(byId: ById): Column<BrokerSummary> {
  return {
    id: 'preferred',
    title: t('node.preferred'),
    hint: t('node.preferredHint'),
    width: 86,
    align: 'end',
    text: ({ id }) => String(byId.get(id)?.preferredLedCount ?? ''),
    cell: ({ id }) => {
      const node = byId.get(id)
      if (node === undefined) return UNKNOWN
      const { preferredLedCount: led, preferredCount: all } = node
      return (
        <span className={led < all ? 'warn' : 'quiet'}>{t('node.preferredOf', { led, all })}</span>
      )
    },
  }
}

function epochColumn(byId: ById): Column<BrokerSummary> {
  return {
    id: 'epoch',
    title: t('node.epoch'),
    hint: t('node.epochHint'),
    width: 96,
    align: 'end',
    mono: true,
    text: ({ id }) => byId.get(id)?.brokerEpoch?.toString() ?? '',
    cell: ({ id }) =>
      byId.get(id)?.brokerEpoch?.toString() ?? (
        <span title={t('replication.notTold')}>{UNKNOWN}</span>
      ),
  }
}

function actsColumn(byId: ById, onDone: () => void): Column<BrokerSummary> {
  return {
    id: 'acts',
    title: t('node.actsColumn'),
    saidOnly: true,
    width: 48,
    align: 'end',
    text: () => '',
    cell: ({ id }) => {
      const node = byId.get(id)
      return node === undefined ? null : <NodeActs node={node} onDone={onDone} />
    },
  }
}
