/** A partition's replicas as a strip of glyphs in their brokers' hues, the preferred one first. */
import type { ReplicaProgress } from '../../src-main/contract/model/replication.ts'
import { t } from '../i18n/i18n.ts'
import { brokerHue } from '../ui/broker-hue.ts'
import { formatCount } from '../ui/format/number.ts'
import { Glyph, type GlyphState } from '../ui/glyph.tsx'

/** How a replica stands, for a glyph, a word and a tooltip. */
export type ReplicaStanding =
  | 'leader'
  | 'silentLeader'
  | 'inSync'
  | 'catchingUp'
  | 'outOfSync'
  | 'silent'
  | 'offline'
  | 'fenced'

const GLYPHS: Readonly<Record<ReplicaStanding, GlyphState>> = {
  leader: 'leader',
  silentLeader: 'outOfSync',
  inSync: 'inSync',
  catchingUp: 'catchingUp',
  outOfSync: 'outOfSync',
  silent: 'outOfSync',
  offline: 'offline',
  fenced: 'fenced',
}

interface ReplicaGlyphProps {
  readonly standing: ReplicaStanding
  readonly explanation: string
  /** Of its broker; for a replica that is well. */
  readonly colour?: string
}

export function ReplicaGlyph({ standing, explanation, colour }: ReplicaGlyphProps) {
  const well = standing === 'leader' || standing === 'inSync'
  return (
    <Glyph
      state={GLYPHS[standing]}
      explanation={explanation}
      {...(well && colour !== undefined ? { colour } : {})}
    />
  )
}

export function standingOf(replica: ReplicaProgress): ReplicaStanding {
  const { brokerState, isLeader, inSync, lag } = replica
  if (brokerState === 'fenced') return 'fenced'
  if (brokerState === 'offline') return 'offline'
  if (brokerState === 'unreachable') return isLeader ? 'silentLeader' : 'silent'
  if (isLeader) return 'leader'
  if (inSync) return 'inSync'
  return lag === null ? 'outOfSync' : 'catchingUp'
}

export function ReplicaStrip({ replicas }: { readonly replicas: readonly ReplicaProgress[] }) {
  return (
    <span className="replicas">
      {replicas.map(replica => {
        const { broker, lag } = replica
        const standing = standingOf(replica)
        const { colour } = brokerHue(broker)
        return (
          <span key={broker} className="replica" style={{ color: colour }}>
            <ReplicaGlyph
              standing={standing}
              colour={colour}
              explanation={t(`partitions.replicaState.${standing}`, {
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
