/** The tabs of the record panel and what stands under them. */
import { useRef, type KeyboardEvent } from 'react'
import type { Problem } from '../../src-main/contract/define.ts'
import type { DecoderChoice } from '../../src-main/contract/model/decode.ts'
import { t } from '../i18n/i18n.ts'
import { CompareView } from './compare/compare-view.tsx'
import { fieldMenu } from './field-menu.tsx'
import { HeadersView } from './headers-view.tsx'
import { MetadataView } from './metadata-view.tsx'
import {
  PANEL_TABS,
  type FieldAct,
  type PanelField,
  type PanelTab,
  type RecordPlace,
} from './panel-view.ts'
import { usePartSource } from './part-source.ts'
import type { DecodablePart, ShownRecord } from './shown-record.ts'
import { PartView } from './value/part-view.tsx'

interface RecordTabsProps {
  readonly record: ShownRecord
  readonly tab: PanelTab
  readonly onTab: (tab: PanelTab) => void
  /** Of the last decoding; the record itself is shown nevertheless. */
  readonly problem: Problem | null
  readonly loading: DecodablePart | null
  readonly with: string | undefined
  readonly marked: readonly RecordPlace[]
  readonly onDecoder: (part: DecodablePart, choice: DecoderChoice) => void
  readonly onDecodeAll: (part: DecodablePart) => void
  readonly onField: ((act: FieldAct, field: PanelField) => void) | undefined
  readonly onPlace: ((place: RecordPlace) => void) | undefined
  readonly onWith: (place: RecordPlace | null) => void
  readonly byKey: (direction: 'forward' | 'backward') => void
}

export function RecordTabs(props: RecordTabsProps) {
  const { record, tab, onTab, problem } = props
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = PANEL_TABS[PANEL_TABS.indexOf(tab) + step]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onTab(next)
    list.current?.querySelector<HTMLElement>(`#record-tab-${next}`)?.focus()
  }
  return (
    <>
      <div ref={list} className="tabs" role="tablist" onKeyDown={onKeyDown}>
        {PANEL_TABS.map(each => (
          <button
            key={each}
            id={`record-tab-${each}`}
            type="button"
            role="tab"
            className="tab"
            tabIndex={each === tab ? 0 : -1}
            aria-selected={each === tab}
            onClick={() => onTab(each)}
          >
            {t(`record.tab.${each}`)}
            {each === 'headers' && <span className="faint"> {record.detail.headers.length}</span>}
          </button>
        ))}
      </div>
      <div className="record-body" role="tabpanel" aria-labelledby={`record-tab-${tab}`}>
        {problem !== null && (
          <p className="notice" data-tone="bad">
            {problem.message}
          </p>
        )}
        <TabBody {...props} />
      </div>
    </>
  )
}

function TabBody(props: RecordTabsProps) {
  const { record, tab, onField } = props
  switch (tab) {
    case 'value':
    case 'key':
      return <DecodedTab key={tab} {...props} part={tab} />
    case 'headers':
      return (
        <HeadersView
          key={`${record.place.partition}:${record.place.offset}`}
          place={record.place}
          headers={record.detail.headers}
          onField={onField}
        />
      )
    case 'metadata':
      return <MetadataView place={record.place} detail={record.detail} />
    case 'compare':
      return (
        <CompareView
          record={record}
          with={props.with}
          onWith={props.onWith}
          marked={props.marked}
          onPlace={props.onPlace}
          byKey={props.byKey}
        />
      )
  }
}

function DecodedTab(props: RecordTabsProps & { readonly part: DecodablePart }) {
  const { record, part, loading, onField } = props
  const source = usePartSource(record.place, { type: part }, record.detail[part])
  return (
    <PartView
      part={record.parts[part]}
      pickable={{ place: record.place, part: { type: part } }}
      choice={record.decoders[part]}
      onChoice={choice => props.onDecoder(part, choice)}
      source={source}
      nullSentence={t(part === 'value' ? 'record.tombstone' : 'record.nullKey')}
      onDecodeAll={() => props.onDecodeAll(part)}
      loading={loading === part}
      {...(onField === undefined ? {} : { menuOf: line => fieldMenu(part, line, onField) })}
    />
  )
}
