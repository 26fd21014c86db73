/** A group's state as Kafka spells it, with what it means. */
import { Tooltip } from '@mantine/core'
import type { GroupState } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { Glyph, type GlyphState } from '../../ui/glyph.tsx'

const GLYPHS: Readonly<Record<GroupState, GlyphState>> = {
  Stable: 'inSync',
  Empty: 'paused',
  PreparingRebalance: 'catchingUp',
  CompletingRebalance: 'catchingUp',
  Assigning: 'catchingUp',
  Reconciling: 'catchingUp',
  NotReady: 'catchingUp',
  Dead: 'offline',
  Unknown: 'outOfSync',
}

/** The glyph alone, beside a word that says it. */
export function StateGlyph({ state }: { readonly state: GroupState }) {
  return <Glyph state={GLYPHS[state]} explanation={t(`groups.states.${state}`)} />
}

export function GroupStateMark({ state }: { readonly state: GroupState }) {
  const explanation = t(`groups.states.${state}`)
  return (
    <span className="group-state">
      <Glyph state={GLYPHS[state]} explanation={explanation} />
      <Tooltip label={explanation}>
        <span>{state}</span>
      </Tooltip>
    </span>
  )
}
