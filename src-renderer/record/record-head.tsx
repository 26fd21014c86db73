/** The head of the record panel: which record, where to go from it, and what can be done with it. */
import { Menu } from '@mantine/core'
import { ChevronDown, ChevronUp, Ellipsis, X } from 'lucide-react'
import { useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { placeHue } from '../ui/broker-hue.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { CopyMenu } from './copy/copy-menu.tsx'
import type { RecordPlace } from './panel-view.ts'
import type { ShownRecord } from './shown-record.ts'

export interface RecordMoves {
  /** Undefined where there is none: at the first row, at the last. */
  readonly previous?: (() => void) | undefined
  readonly next?: (() => void) | undefined
}

interface RecordHeadProps {
  readonly place: RecordPlace
  /** Said where the page shows more topics than one. */
  readonly showTopic: boolean
  /** Null while the record is on its way, and where it cannot be read. */
  readonly record: ShownRecord | null
  readonly moves: RecordMoves
  readonly onStepByKey: (direction: 'forward' | 'backward') => void
  readonly onCompare: () => void
  readonly onResend: (() => void) | undefined
  readonly linkTo: ((place: RecordPlace) => string) | undefined
  readonly onClose: () => void
}

export function RecordHead(props: RecordHeadProps) {
  const { place, showTopic, record, moves, linkTo, onClose } = props
  return (
    <header className="record-head">
      <span className="record-place">
        {showTopic && (
          <span className="mono clip record-topic" title={place.topic}>
            {place.topic}
          </span>
        )}
        <span className="faint">{t('record.partition')}</span>
        <span
          className="partition-mark"
          style={{ '--hue': placeHue(place.partition).colour } as React.CSSProperties}
        >
          {place.partition}
        </span>
        <span className="faint">{t('record.offset')}</span>
        <span className="mono copyable">
          {place.offset.toString()}
          <CopyButton text={place.offset.toString()} label={t('record.copyOffset')} />
        </span>
      </span>
      <span className="spacer" />
      <span className="record-acts">
        <Button
          kind="quiet"
          icon={<ChevronUp size={15} aria-hidden />}
          aria-label={t('record.previous')}
          title={t('record.previousHint')}
          whyNot={moves.previous === undefined ? t('record.noPrevious') : null}
          onClick={moves.previous}
        />
        <Button
          kind="quiet"
          icon={<ChevronDown size={15} aria-hidden />}
          aria-label={t('record.next')}
          title={t('record.nextHint')}
          whyNot={moves.next === undefined ? t('record.noNext') : null}
          onClick={moves.next}
        />
        {record !== null && <CopyMenu record={record} linkTo={linkTo} />}
        {record !== null && <MoreMenu {...props} record={record} />}
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('record.close')}
          title={`${t('record.close')} · Esc`}
          onClick={onClose}
        />
      </span>
    </header>
  )
}

function MoreMenu(props: RecordHeadProps & { readonly record: ShownRecord }) {
  const { record, onStepByKey, onCompare, onResend } = props
  const { readOnly } = useCluster()
  const noKey = record.detail.key === null
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-icon="only"
          aria-label={t('record.more')}
          title={t('record.more')}
        >
          <Ellipsis size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={noKey}
          title={noKey ? t('record.byKey.noKey') : undefined}
          rightSection={<span className="kbd">[</span>}
          onClick={() => onStepByKey('backward')}
        >
          {t('record.byKey.previous')}
        </Menu.Item>
        <Menu.Item
          disabled={noKey}
          title={noKey ? t('record.byKey.noKey') : undefined}
          rightSection={<span className="kbd">]</span>}
          onClick={() => onStepByKey('forward')}
        >
          {t('record.byKey.next')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item rightSection={<span className="kbd">c</span>} onClick={onCompare}>
          {t('record.compareWith')}
        </Menu.Item>
        {onResend !== undefined && (
          <Menu.Item
            disabled={readOnly}
            title={readOnly ? t('readOnly') : undefined}
            rightSection={<span className="kbd">e</span>}
            onClick={onResend}
          >
            {t('record.resend')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
