/** A node's state as glyph and word. */
import type { NodeKind, NodeState } from '../../src-main/contract/model/replication.ts'
import { t } from '../i18n/i18n.ts'
import { Glyph, type GlyphState } from '../ui/glyph.tsx'

export const nodeGlyphs: Readonly<Record<NodeState, GlyphState>> = {
  starting: 'catchingUp',
  running: 'inSync',
  paused: 'paused',
  stopping: 'catchingUp',
  stopped: 'offline',
  killed: 'offline',
  failed: 'offline',
  fenced: 'fenced',
  unreachable: 'outOfSync',
  offline: 'offline',
  unknown: 'unknown',
}

interface NodeStateProps {
  readonly state: NodeState
  readonly kind?: NodeKind
  /** Why it is so, where that is known. */
  readonly reason?: string | null
}

export function NodeStateWord({ state, kind = 'broker', reason = null }: NodeStateProps) {
  const own = kind === 'controller' && (state === 'running' || state === 'unreachable')
  const hint = own ? t(`node.controllerHint.${state}`) : t(`node.hint.${state}`)
  return (
    <span title={reason ?? hint}>
      <Glyph
        state={nodeGlyphs[state]}
        explanation={reason === null ? hint : `${hint}: ${reason}`}
      />{' '}
      {t(`node.state.${state}`)}
    </span>
  )
}
