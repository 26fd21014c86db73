/** The selected record beside the table: value, key, headers, and what the batch says about it. */
import { X } from 'lucide-react'
import type { RecordDetail } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { placeHue } from '../../ui/broker-hue.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Failure, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ValueView } from '../../ui/value/value-view.tsx'
import { HeadersView } from './headers-view.tsx'
import { INSPECTOR_TABS, writePlace, type InspectorTab } from './messages-search.ts'
import { MetadataView } from './metadata-view.tsx'
import type { RecordDetails } from './record-details.ts'

interface InspectorProps {
  readonly details: RecordDetails
  readonly tab: InspectorTab
  readonly onTab: (tab: InspectorTab) => void
  readonly onClose: () => void
}

export function Inspector({ details, tab, onTab, onClose }: InspectorProps) {
  const { place, detail, problem } = useStore(details)
  if (place === null) return null
  return (
    <aside className="inspector" aria-label={t('inspector.label', { place: writePlace(place) })}>
      <header className="inspector-head">
        <span className="faint">{t('inspector.partition')}</span>
        <span
          className="partition-mark"
          style={{ '--hue': placeHue(place.partition).colour } as React.CSSProperties}
        >
          {place.partition}
        </span>
        <span className="faint">{t('inspector.offset')}</span>
        <span className="mono copyable">
          {place.offset.toString()}
          <CopyButton text={place.offset.toString()} label={t('inspector.copyOffset')} />
        </span>
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('inspector.close')}
          title={`${t('inspector.close')} · Esc`}
          onClick={onClose}
        />
      </header>
      {detail === null ? (
        problem === null ? (
          <Loading what={t('inspector.waiting', { place: writePlace(place) })} />
        ) : isGone(problem) ? (
          <Gone sentence={t('inspector.gone', { place: writePlace(place) })}>
            <Button onClick={onClose}>{t('inspector.close')}</Button>
          </Gone>
        ) : (
          <Failure
            what={t('inspector.reading', { place: writePlace(place) })}
            problem={problem}
            onRetry={details.retry}
          />
        )
      ) : (
        <>
          <div className="tabs" role="tablist">
            {INSPECTOR_TABS.map(each => (
              <button
                key={each}
                type="button"
                role="tab"
                className="tab"
                aria-selected={each === tab}
                onClick={() => onTab(each)}
              >
                {t(`inspector.${each}`)}
                {each === 'headers' && <span className="faint"> {detail.headers.length}</span>}
              </button>
            ))}
          </div>
          <div className="inspector-body" role="tabpanel">
            <Part detail={detail} tab={tab} details={details} />
          </div>
        </>
      )}
    </aside>
  )
}

interface PartProps {
  readonly detail: RecordDetail
  readonly tab: InspectorTab
  readonly details: RecordDetails
}

function Part({ detail, tab, details }: PartProps) {
  const { loading, problem } = useStore(details)
  switch (tab) {
    case 'value':
    case 'key':
      return (
        <>
          {problem !== null && (
            <p className="notice" data-tone="bad">
              {problem.message}
            </p>
          )}
          <ValueView
            key={tab}
            preview={detail[tab]}
            nullSentence={t(tab === 'value' ? 'inspector.tombstone' : 'inspector.nullKey')}
            onLoadRest={() => void details.loadRest(tab)}
            loading={loading === tab}
          />
        </>
      )
    case 'headers':
      return <HeadersView headers={detail.headers} />
    case 'metadata':
      return <MetadataView detail={detail} />
  }
}
