/** Which states the list shows: one switch for each that there is, with how many groups are in it. */
import type { GroupState, GroupSummary } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { formatCount } from '../../ui/format/number.ts'
import { STATES } from './groups-search.ts'
import { StateGlyph } from './group-state.tsx'

interface StateFilterProps {
  readonly groups: readonly GroupSummary[]
  /** Empty shows all. */
  readonly states: ReadonlySet<GroupState>
  readonly onChange: (states: ReadonlySet<GroupState>) => void
}

export function StateFilter({ groups, states, onChange }: StateFilterProps) {
  const counts = new Map<GroupState, number>()
  for (const { state } of groups) counts.set(state, (counts.get(state) ?? 0) + 1)
  // A state that is chosen stays in reach when its last group has left it.
  const offered = STATES.filter(state => counts.has(state) || states.has(state))
  if (offered.length < 2 && states.size === 0) return null
  return (
    <fieldset className="state-filter">
      <legend className="visually-hidden">{t('groups.filterByState')}</legend>
      {offered.map(state => (
        <button
          key={state}
          type="button"
          className="state-chip"
          aria-pressed={states.has(state)}
          title={t(`groups.states.${state}`)}
          onClick={() => onChange(toggled(states, state))}
        >
          <StateGlyph state={state} />
          {state} <span className="faint">{formatCount(counts.get(state) ?? 0)}</span>
        </button>
      ))}
    </fieldset>
  )
}

function toggled(states: ReadonlySet<GroupState>, state: GroupState): ReadonlySet<GroupState> {
  const next = new Set(states)
  if (!next.delete(state)) next.add(state)
  return next
}
