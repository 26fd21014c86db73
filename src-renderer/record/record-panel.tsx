/**
 * The record panel: one record in full beside a table that holds it. It reads the record by itself;
 * the page that embeds it says which one, and keeps what is in the address.
 */
import { useEffect, useMemo } from 'react'
import type { DecoderChoice } from '../../src-main/contract/model/decode.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useCommands } from '../ui/commands.ts'
import { Failure, Gone, isGone, Loading } from '../ui/state/states.tsx'
import { useStore } from '../ui/store.ts'
import { KeySteps } from './key-steps.ts'
import {
  samePlace,
  tabOf,
  writePlace,
  type DecoderChoices,
  type FieldAct,
  type PanelField,
  type PanelView,
  type RecordPlace,
} from './panel-view.ts'
import { RecordHead, type RecordMoves } from './record-head.tsx'
import { RecordTabs } from './record-tabs.tsx'
import { ShownRecords, type ShownRecord } from './shown-record.ts'
import { StepLine } from './step-line.tsx'
import './record.css'

export interface RecordPanelProps {
  readonly place: RecordPlace
  readonly view: PanelView
  readonly onView: (view: PanelView) => void
  readonly onClose: () => void
  /** Rows before and after it in the table. */
  readonly moves?: RecordMoves
  /** Another record is to be shown: the one with the same key, or the one compared with. */
  readonly onPlace?: (place: RecordPlace) => void
  /** A full address that opens this record. */
  readonly linkTo?: (place: RecordPlace) => string
  /** Other records that are selected, to compare with. */
  readonly marked?: readonly RecordPlace[]
  readonly onField?: (act: FieldAct, field: PanelField) => void
  /** Opens the record for editing in the produce panel. */
  readonly onResend?: (place: RecordPlace) => void
  readonly showTopic?: boolean
}

const NO_MOVES: RecordMoves = {}
const NONE: readonly RecordPlace[] = []

export function RecordPanel(props: RecordPanelProps) {
  const { place, view, onView, onClose, onPlace, moves = NO_MOVES } = props
  const client = useClient()
  const cluster = useCluster()
  const records = useHeld(() => new ShownRecords(client, cluster.id), cluster.id)
  const steps = useHeld(() => new KeySteps(client, cluster.id), cluster.id)
  const { shown, problem, loading } = useStore(records)
  const decoders = useMemo<DecoderChoices>(
    () => ({ key: view.kd ?? 'auto', value: view.vd ?? 'auto' }),
    [view.kd, view.vd],
  )
  const name = writePlace(place)
  useEffect(() => records.show(place, decoders), [records, place, decoders])
  useEffect(() => steps.leave(place), [steps, place])

  const current = shown !== null && samePlace(shown.place, place) ? shown : null
  const stepByKey = async (direction: 'forward' | 'backward', then: (to: RecordPlace) => void) => {
    if (current?.detail.key == null) return
    const key = await wholeKey(current, client, cluster.id)
    const found = await steps.step({ place, key }, direction)
    if (found !== null) then(found)
  }
  const compareWith = (other: RecordPlace | null) =>
    onView({ ...view, tab: 'compare', with: other === null ? undefined : writePlace(other) })
  const onResend = props.onResend
  useCommands([
    {
      id: 'record-key-previous',
      title: t('record.byKey.previous'),
      shortcut: '[',
      group: 'page',
      run: () => void stepByKey('backward', to => onPlace?.(to)),
    },
    {
      id: 'record-key-next',
      title: t('record.byKey.next'),
      shortcut: ']',
      group: 'page',
      run: () => void stepByKey('forward', to => onPlace?.(to)),
    },
    {
      id: 'record-compare',
      title: t('record.compareWith'),
      shortcut: 'c',
      group: 'page',
      run: () => onView({ ...view, tab: 'compare' }),
    },
    ...(onResend === undefined
      ? []
      : [
          {
            id: 'record-resend',
            title: t('record.resend'),
            shortcut: 'e',
            group: 'page' as const,
            run: () => onResend(place),
          },
        ]),
  ])
  return (
    <aside className="record" aria-label={t('record.label', { place: name })}>
      <RecordHead
        place={place}
        showTopic={props.showTopic === true}
        record={current}
        moves={moves}
        onStepByKey={direction => void stepByKey(direction, to => onPlace?.(to))}
        onCompare={() => onView({ ...view, tab: 'compare' })}
        onResend={onResend === undefined ? undefined : () => onResend(place)}
        linkTo={props.linkTo}
        onClose={onClose}
      />
      <StepLine steps={steps} />
      {shown === null ? (
        problem === null ? (
          <Loading what={t('record.waiting', { place: name })} />
        ) : isGone(problem) ? (
          <Gone sentence={t('record.gone', { place: name })}>
            <Button onClick={onClose}>{t('record.close')}</Button>
          </Gone>
        ) : (
          <Failure
            what={t('record.reading', { place: name })}
            problem={problem}
            onRetry={records.retry}
          />
        )
      ) : (
        <RecordTabs
          record={shown}
          tab={tabOf(view)}
          onTab={tab => onView({ ...view, tab })}
          problem={problem}
          loading={loading}
          with={view.with}
          marked={props.marked ?? NONE}
          onDecoder={(part, choice) => onView({ ...view, ...decoderChange(part, choice) })}
          onDecodeAll={part => void records.decodeAll(part)}
          onField={props.onField}
          onPlace={onPlace}
          onWith={compareWith}
          byKey={direction => void stepByKey(direction, compareWith)}
        />
      )}
    </aside>
  )
}

function decoderChange(part: 'key' | 'value', choice: DecoderChoice): PanelView {
  const picked = choice === 'auto' ? undefined : choice
  return part === 'key' ? { kd: picked } : { vd: picked }
}

/** Keys are short; one that is not was fetched in part only. */
async function wholeKey(
  { place, detail }: ShownRecord,
  client: ReturnType<typeof useClient>,
  cluster: string,
): Promise<Uint8Array | null> {
  const { key } = detail
  if (key === null || key.bytes.length >= key.sizeBytes) return key?.bytes ?? null
  const answer = await client.call('record.bytes', {
    cluster,
    ...place,
    part: { type: 'key' },
    from: 0,
    length: key.sizeBytes,
  })
  return answer.bytes
}
