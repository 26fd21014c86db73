/** The brokers at a glance: hue, state, address, and their shares of leaders and bytes. */
import { Link } from '@tanstack/react-router'
import { Tooltip } from '@mantine/core'
import type { BrokerSummary, ClusterOverview } from '../../../src-main/contract/model/cluster.ts'
import type { NodeSummary } from '../../../src-main/contract/model/replication.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { nodeGlyphs } from '../../replication/node-state.tsx'
import { addressOf } from '../../ui/broker-columns.tsx'
import { brokerHue } from '../../ui/broker-hue.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'

const GLYPHS = { online: 'inSync', unreachable: 'outOfSync', offline: 'offline' } as const
const SHOWN_MAX = 12

interface BrokerMapProps {
  readonly overview: ClusterOverview
  /** Null until they are told. */
  readonly nodes: readonly NodeSummary[] | null
}

export function BrokerMap({ overview, nodes }: BrokerMapProps) {
  const cluster = useCluster().id
  const { brokers } = overview
  const mostBytes = Math.max(1, ...brokers.map(({ sizeBytes }) => sizeBytes ?? 0))
  return (
    <section className="panel">
      <header className="panel-head">
        <h2 className="section-title">{t('navigation.brokers')}</h2>
      </header>
      <table className="small-table">
        <thead>
          <tr>
            <th>{t('brokers.broker')}</th>
            <th>{t('brokers.address')}</th>
            <th className="number">{t('brokers.leaders')}</th>
            <th className="number">{t('brokers.replicas')}</th>
            <th className="number">{t('brokers.size')}</th>
          </tr>
        </thead>
        <tbody>
          {brokers.slice(0, SHOWN_MAX).map(broker => (
            <tr key={broker.id}>
              <td>
                <span className="broker-cell">
                  <State broker={broker} node={nodes?.find(({ id }) => id === broker.id)} />
                  <Link
                    to="/$cluster/brokers/$broker"
                    params={{ cluster, broker: String(broker.id) }}
                  >
                    <BrokerMark id={broker.id} />
                  </Link>
                  {broker.isController && (
                    <Tooltip label={t('brokers.controllerHint')}>
                      <span className="tag">{t('brokers.controller')}</span>
                    </Tooltip>
                  )}
                </span>
              </td>
              <td className="mono">
                <Address broker={broker} />
              </td>
              <td className="number">{formatCount(broker.leaderCount)}</td>
              <td
                className="number"
                title={t('brokers.inSync', { count: broker.inSyncCount, all: broker.replicaCount })}
              >
                {formatCount(broker.replicaCount)}
              </td>
              <td className="number">
                <Share part={broker.sizeBytes ?? 0} most={mostBytes} broker={broker.id}>
                  {formatBytes(broker.sizeBytes)}
                </Share>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {brokers.length > SHOWN_MAX && (
        <Link to="/$cluster/brokers" params={{ cluster }} className="panel-more faint">
          {t('overview.more', { count: brokers.length - SHOWN_MAX })}
        </Link>
      )}
    </section>
  )
}

interface StateProps {
  readonly broker: BrokerSummary
  readonly node: NodeSummary | undefined
}

/** A broker that is paused or fenced looks as if it was there to who only reads Metadata. */
function State({ broker, node }: StateProps) {
  if (node !== undefined && !(node.state === 'running' && broker.state !== 'online'))
    return (
      <Glyph
        state={nodeGlyphs[node.state]}
        explanation={node.reason ?? t(`node.hint.${node.state}`)}
      />
    )
  return (
    <Glyph
      state={GLYPHS[broker.state]}
      explanation={broker.problem?.message ?? t(`brokers.stateHint.${broker.state}`)}
    />
  )
}

function Address({ broker }: { readonly broker: BrokerSummary }) {
  const address = addressOf(broker)
  if (address === null) return <span title={t('brokers.addressUnknown')}>{UNKNOWN}</span>
  return (
    <span className="copyable">
      {address}
      <CopyButton text={address} label={t('brokers.copyAddress')} />
    </span>
  )
}

interface ShareProps {
  readonly part: number
  readonly most: number
  readonly broker: number
  readonly children: string
}

function Share({ part, most, broker, children }: ShareProps) {
  return (
    <span className="share">
      <span className="share-bar" aria-hidden>
        <span style={{ width: `${(part / most) * 100}%`, background: brokerHue(broker).colour }} />
      </span>
      <span className="share-figure">{children}</span>
    </span>
  )
}
