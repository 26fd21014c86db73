/** A partition's replicas as a strip of glyphs in their brokers' hues, the preferred one first. */
import type { ReplicaProgress } from '../../src-main/contract/model/replication.ts'
import { t } from '../i18n/i18n.ts'
import { brokerHue } from '../ui/broker-hue.ts'
import { formatCount } from '../ui/format/number.ts'
import { Glyph } from '../ui/glyph.tsx'

export type ReplicaGlyph = 'leader' | 'inSync' | 'catchingUp' | 'outOfSync' | 'offline' | 'fenced'

export function replicaGlyph(replica: ReplicaProgress): ReplicaGlyph {
  const { brokerState, isLeader, inSync, lag } = replica
  if (brokerState === 'fenced') return 'fenced'
  if (brokerState === 'offline') return 'offline'
  if (brokerState === 'unreachable' && !isLeader) return 'outOfSync'
  if (isLeader) return 'leader'
  if (inSync) return 'inSync'
  return lag === null ? 'outOfSync' : 'catchingUp'
}

export function ReplicaStrip({ replicas }: { readonly replicas: readonly ReplicaProgress[] }) {
  return (
    <span className="replicas">
      {replicas.map(replica => {
        const { broker, lag } = replica
        const state = replicaGlyph(replica)
        const { colour } = brokerHue(broker)
        const well = state === 'leader' || state === 'inSync'
        return (
          <span key={broker} className="replica" style={{ color: colour }}>
            <Glyph
              state={state}
              colour={well ? colour : undefined}
              explanation={t(`partitions.replicaState.${state}`, {
                broker,
                lag: formatCount(lag),
              })}
            />
            <span className="mono small">{broker}</span>
          </span>
        )
      })}
    </span>
  )
}
