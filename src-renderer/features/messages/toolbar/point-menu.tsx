/** Where a view begins, and where it ends: by name, count, offset, moment or consumer group. */
import { Check } from 'lucide-react'
import { t } from '../../../i18n/i18n.ts'
import { useZone } from '../../../ui/format/zone-context.ts'
import type { MessagesQuery } from '../query/address.ts'
import { isMoment, type From, type Until } from '../query/range.ts'
import { GroupField } from './group-field.tsx'
import { MenuButton } from './menu-button.tsx'
import { MomentField } from './moment-field.tsx'
import { CountField, OffsetFields } from './number-fields.tsx'
import { pointText } from './point-text.ts'

interface PointMenuProps {
  readonly query: MessagesQuery
  readonly topic: string
  /** Null while that is not known. */
  readonly partitionCount: number | null
  readonly onChange: (change: Partial<Pick<MessagesQuery, 'from' | 'until'>>) => void
}

/** Nothing can come after an end that is now, when only what comes is wanted. */
function withoutLive({ until }: MessagesQuery): Partial<MessagesQuery> {
  return until.type === 'never' ? { until: { type: 'now' } } : {}
}

export function FromMenu({ query, topic, partitionCount, onChange }: PointMenuProps) {
  const { from, until } = query
  const live = until.type === 'never' && from.type === 'newest'
  const zone = useZone()
  const value = live ? t('point.live') : pointText(from, zone)
  return (
    <MenuButton label={t('messages.from')} value={value}>
      {close => {
        const choose = (change: Parameters<typeof onChange>[0]) => {
          close()
          onChange(change)
        }
        const chooseFrom = (next: From) => choose({ from: next })
        return (
          <>
            <NamedPoint
              name="newest"
              chosen={from.type === 'newest' && !live}
              onChoose={() => choose({ from: { type: 'newest' }, ...withoutLive(query) })}
            />
            <NamedPoint
              name="oldest"
              chosen={from.type === 'oldest'}
              onChoose={() => chooseFrom({ type: 'oldest' })}
            />
            <NamedPoint
              name="live"
              chosen={live}
              onChoose={() => choose({ from: { type: 'newest' }, until: { type: 'never' } })}
            />
            <CountField
              value={until.type === 'count' ? until.count : null}
              onChoose={count =>
                choose({ until: count === null ? { type: 'now' } : { type: 'count', count } })
              }
            />
            <OffsetFields value={from} partitionCount={partitionCount} onChoose={chooseFrom} />
            <MomentField value={isMoment(from) ? from : null} onChoose={chooseFrom} />
            <GroupField
              topic={topic}
              value={from.type === 'group' ? from.group : null}
              onChoose={group => chooseFrom({ type: 'group', group })}
            />
          </>
        )
      }}
    </MenuButton>
  )
}

export function UntilMenu({ query, partitionCount, onChange }: PointMenuProps) {
  const { until } = query
  return (
    <MenuButton label={t('messages.until')} value={pointText(until, useZone())}>
      {close => {
        const choose = (next: Until) => {
          close()
          onChange({ until: next })
        }
        return (
          <>
            <NamedPoint
              name="now"
              chosen={until.type === 'now'}
              onChoose={() => choose({ type: 'now' })}
            />
            <NamedPoint
              name="never"
              chosen={until.type === 'never'}
              onChoose={() => choose({ type: 'never' })}
            />
            <CountField
              value={until.type === 'count' ? until.count : null}
              onChoose={count =>
                choose(count === null ? { type: 'now' } : { type: 'count', count })
              }
            />
            <OffsetFields value={until} partitionCount={partitionCount} onChoose={choose} />
            <MomentField value={isMoment(until) ? until : null} onChoose={choose} />
          </>
        )
      }}
    </MenuButton>
  )
}

interface NamedPointProps {
  readonly name: 'newest' | 'oldest' | 'live' | 'now' | 'never'
  readonly chosen: boolean
  readonly onChoose: () => void
}

function NamedPoint({ name, chosen, onChoose }: NamedPointProps) {
  return (
    <button type="button" className="choice-item" aria-pressed={chosen} onClick={onChoose}>
      <Check size={13} aria-hidden style={{ opacity: chosen ? 1 : 0 }} />
      {t(`point.${name}`)}
      <span className="faint">{t(`point.${name}Hint`)}</span>
    </button>
  )
}
