/** Which decoder reads a part; opened, it shows what each of them makes of it, and why others fail. */
import { Popover } from '@mantine/core'
import { Check, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type {
  DecoderChoice,
  DecoderReport,
  DecoderUsed,
} from '../../../src-main/contract/model/decode.ts'
import { DECODER_NAMES } from '../../../src-main/contract/model/decode.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { useStore } from '../../ui/store.ts'
import type { RecordPlace } from '../panel-view.ts'

/** One part of one record, as commands name it. */
export interface PickablePart {
  readonly place: RecordPlace
  readonly part:
    | { readonly type: 'key' }
    | { readonly type: 'value' }
    | { readonly type: 'header'; readonly index: number }
}

interface DecoderPickerProps {
  readonly pickable: PickablePart
  readonly choice: DecoderChoice
  readonly used: DecoderUsed
  /** The picked decoder does not fit. */
  readonly failed: boolean
  readonly onChoice: (choice: DecoderChoice) => void
}

export function DecoderPicker({ pickable, choice, used, failed, onChoice }: DecoderPickerProps) {
  const [opened, setOpened] = useState(false)
  const name = used === 'null' || used === 'empty' ? t('decoder.auto') : t(`decoder.${used}`)
  const nothing = choice === 'auto' && used === 'hex'
  const automatic = nothing ? t('decoder.autoNone') : t('decoder.autoUsed', { name })
  const shown = choice === 'auto' ? automatic : t(`decoder.${choice}`)
  const choose = (next: DecoderChoice) => {
    setOpened(false)
    onChoice(next)
  }
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={540}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <button
          type="button"
          className="button decoder-button"
          data-tone={failed ? 'warn' : undefined}
          aria-expanded={opened}
          aria-label={t('decoder.pick', { name: shown })}
          title={t('decoder.pickHint')}
          onClick={() => setOpened(!opened)}
        >
          <span className="clip">{shown}</span>
          <ChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="decoder-menu" aria-label={t('decoder.title')}>
        {opened && (
          <DecoderList pickable={pickable} choice={choice} used={used} onChoice={choose} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

type DecoderListProps = Omit<DecoderPickerProps, 'failed'>

function DecoderList({ pickable, choice, used, onChoice }: DecoderListProps) {
  const client = useClient()
  const cluster = useCluster()
  const explained = useExplanation(client, cluster.id, pickable)
  const { value, problem } = useStore(explained)
  const reports = new Map(value?.reports.map(report => [report.decoder, report]))
  return (
    <div className="decoder-list" onKeyDown={moveInList}>
      <DecoderItem
        name={t('decoder.auto')}
        checked={choice === 'auto'}
        text={t('decoder.autoHint')}
        onClick={() => onChoice('auto')}
      />
      {problem !== null && <p className="decoder-problem">{problem.message}</p>}
      {DECODER_NAMES.map(decoder => {
        const report = reports.get(decoder)
        return (
          <DecoderItem
            key={decoder}
            name={t(`decoder.${decoder}`)}
            checked={choice === decoder}
            chosenByAuto={choice === 'auto' && used === decoder}
            outcome={report?.outcome}
            text={report === undefined ? '' : reportText(report)}
            onClick={() => onChoice(decoder)}
          />
        )
      })}
    </div>
  )
}

/** ↑ ↓ go from item to item. */
function moveInList(event: React.KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll('button')]
  const at = items.indexOf(document.activeElement as HTMLButtonElement)
  items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus()
}

interface DecoderItemProps {
  readonly name: string
  readonly checked: boolean
  readonly chosenByAuto?: boolean
  readonly outcome?: DecoderReport['outcome'] | undefined
  readonly text: string
  readonly onClick: () => void
}

function DecoderItem({ name, checked, chosenByAuto, outcome, text, onClick }: DecoderItemProps) {
  return (
    <button
      type="button"
      className="decoder-item"
      role="option"
      aria-selected={checked}
      data-outcome={outcome}
      onClick={onClick}
    >
      <Check size={13} aria-hidden style={{ opacity: checked || chosenByAuto === true ? 1 : 0 }} />
      <span className="decoder-name">
        {name}
        {chosenByAuto === true && <span className="faint"> {t('decoder.byAuto')}</span>}
      </span>
      <span className={outcome === 'read' ? 'mono decoder-text' : 'decoder-text'} title={text}>
        {text}
      </span>
    </button>
  )
}

export function reportText({ outcome, text, reason, atByte }: DecoderReport): string {
  if (outcome === 'read') return text
  return atByte === null ? (reason ?? '') : t('decoder.at', { reason: reason ?? '', at: atByte })
}

function useExplanation(client: ApplicationClient, cluster: string, { place, part }: PickablePart) {
  const input = { cluster, ...place, part }
  const key = `${cluster}|${place.topic}|${place.partition}|${place.offset}|${JSON.stringify(part)}`
  return useHeld(() => new AskedAnswer(client, 'record.explain', input), key)
}
