/** The record panel beside the table: what it is told of this page, and what it asks of it. */
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { FieldCondition } from '../../../src-main/contract/model/search.ts'
import { t } from '../../i18n/i18n.ts'
import type { FieldAct, PanelField, PanelView, RecordPlace } from '../../record/panel-view.ts'
import { RecordPanel } from '../../record/record-panel.tsx'
import type { RecordMoves } from '../../record/record-head.tsx'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { readPlace, writePlace, type FieldColumn, type MessagesSearch } from './query/address.ts'
import type { PageFilter } from './query/filter-text.ts'
import type { Cursor } from './table/use-cursor.ts'

interface RecordAsideProps {
  readonly topic: string
  readonly cursor: Cursor
  readonly chosen: ReadonlySet<string>
  readonly search: MessagesSearch
  readonly change: (next: Partial<MessagesSearch>, replace?: boolean) => void
  readonly filter: PageFilter
  readonly onFilter: (filter: PageFilter) => void
  readonly onColumn: (field: FieldColumn) => void
  readonly moves: RecordMoves
}

export function RecordAside(props: RecordAsideProps) {
  const { topic, cursor, chosen, search, change, filter, onFilter, onColumn, moves } = props
  const { active, select } = cursor
  const navigate = useNavigate()
  const place = useShownPlace(active, topic)
  const marked = useMemo(
    () => [...chosen].flatMap(key => placeIn(key, topic) ?? []),
    [chosen, topic],
  )
  if (active === null || place === null) return null
  // The cursor reaches the address a moment later; a link copied now must have it too.
  const onView = ({ tab, kd, vd, with: other }: PanelView) =>
    change({ tab, kd, vd, with: other, at: active }, true)
  const onField = (act: FieldAct, { part, path, value }: PanelField) => {
    if (act === 'column') onColumn({ part, path })
    else onFilter(withCondition(filter, conditionOn({ part, path, value }, act)))
  }
  // The produce panel is the topic frame's, and so is this part of the address.
  const onResend = ({ partition, offset }: RecordPlace) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, produce: `resend:${partition}:${offset}` }),
    })
  return (
    <ResizableAside id="record" label={t('inspector.resize')}>
      <RecordPanel
        place={place}
        view={search}
        onView={onView}
        onClose={() => select(null)}
        onPlace={to => select(keyOf(to, topic))}
        linkTo={to => linkTo(to)}
        marked={marked}
        onField={onField}
        showTopic={place.topic !== topic}
        moves={moves}
        {...(place.topic === topic ? { onResend } : {})}
      />
    </ResizableAside>
  )
}

/** While the cursor is at a row that is still on its way, the record before stays. */
function useShownPlace(active: string | null, topic: string): RecordPlace | null {
  const place = useMemo(() => placeIn(active, topic), [active, topic])
  const [last, setLast] = useState(place)
  if (place !== null && place !== last) setLast(place)
  return active === null ? null : (place ?? last)
}

function placeIn(key: string | null, topic: string): RecordPlace | null {
  const place = key === null ? null : readPlace(key)
  return place === null ? null : { ...place, topic: place.topic ?? topic }
}

function keyOf(place: RecordPlace, topic: string): string {
  return writePlace({ ...place, topic: place.topic === topic ? null : place.topic })
}

/** The page as it is now with another record selected: whoever opens it sees the same view. */
function linkTo({ topic, partition, offset }: RecordPlace): string {
  const { origin, pathname, search, hash } = window.location
  const cluster = /^#\/([^/?]+)/.exec(hash)?.[1] ?? ''
  const path = `#/${cluster}/topics/${encodeURIComponent(topic)}`
  const place = `from=offset:${offset}&p=${partition}&at=${partition}:${offset}`
  return `${origin}${pathname}${search}${path}?${place}`
}

function conditionOn(
  { part, path, value }: Pick<PanelField, 'part' | 'path' | 'value'>,
  act: 'only' | 'not',
): FieldCondition {
  return { part, path, operator: act === 'only' ? 'equals' : 'not-equals', value }
}

/** The same condition twice says nothing more. */
function withCondition(filter: PageFilter, condition: FieldCondition): PageFilter {
  const same = (each: FieldCondition) => JSON.stringify(each) === JSON.stringify(condition)
  if (filter.conditions.some(same)) return filter
  return { ...filter, conditions: [...filter.conditions, condition] }
}
