/** Many records from one template: so many, so fast, so long. */
import { useEffect, useState } from 'react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { DeliveryFields } from './delivery-fields.tsx'
import { FootWarnings, Hints } from './hints.tsx'
import { PanelFoot } from './panel-foot.tsx'
import { useWhenWritten } from './use-when-written.ts'
import type { ProduceSession } from './produce-session.ts'
import { RecordFields } from './record-fields.tsx'
import { RunView } from './run-view.tsx'
import { runStoreOf } from './runs.ts'
import { Samples, Warnings } from './samples.tsx'
import { whyNotSend } from './why-not.ts'

interface Amount {
  readonly count: string
  readonly rate: string
  readonly seconds: string
  readonly continues: boolean
}

/** Of each topic, as long as the application is open. */
const amounts = new Map<string, Amount>()
const FIRST: Amount = { count: '1000', rate: '', seconds: '', continues: true }

interface ManyTabProps {
  readonly session: ProduceSession
  readonly onWritten: () => void
}

export function ManyTab({ session, onWritten }: ManyTabProps) {
  const { cluster, topic, client } = session
  const state = useStore(session)
  const { samples } = state
  const key = `${cluster}|${topic}`
  const [amount, setAmount] = useState(() => amounts.get(key) ?? FIRST)
  const change = (next: Partial<Amount>) => {
    const changed = { ...amount, ...next }
    amounts.set(key, changed)
    setAmount(changed)
  }
  const store = runStoreOf(client, cluster, topic, 'template')
  const { run, starting } = useStore(store)
  useEffect(() => void store.find(), [store])
  useWhenWritten(run, onWritten)
  const running = starting || (run !== null && run.endedAtMs === null)
  const read = readAmount(amount)
  const start = () => {
    const reading = session.read()
    if (reading === null || read === null) return
    const { draft, delivery } = reading
    void store.start(
      topic,
      cluster,
      { type: 'template', draft, ...read },
      { delivery, continueAfterErrors: amount.continues },
    )
  }
  const whyNot = running
    ? t('produce.run.running')
    : read === null
      ? t('produce.many.wrong')
      : whyNotSend(state)
  return (
    <>
      <div className="produce-body">
        <AmountFields amount={amount} onChange={change} />
        <RecordFields session={session} />
        <DeliveryFields session={session} />
        <Hints state={state} />
        {samples.length === 1 && (read?.count ?? 2) > 1 && (
          <Warnings warnings={[{ id: 'alike', tone: 'calm', text: t('produce.many.alike') }]} />
        )}
        <Samples samples={samples} title={t('produce.samples', { count: samples.length })} />
      </div>
      <PanelFoot>
        {run === null && <FootWarnings state={state} />}
        <RunView store={store} />
        <div className="produce-acts">
          <label className="switch" title={t('produce.continuesHint')}>
            <input
              type="checkbox"
              checked={amount.continues}
              onChange={event => change({ continues: event.currentTarget.checked })}
            />
            {t('produce.continues')}
          </label>
          <span className="spacer" />
          <Button kind="primary" whyNot={whyNot} onClick={start}>
            {buttonText(amount)}
          </Button>
        </div>
      </PanelFoot>
    </>
  )
}

interface AmountFieldsProps {
  readonly amount: Amount
  readonly onChange: (next: Partial<Amount>) => void
}

function AmountFields({ amount, onChange }: AmountFieldsProps) {
  const field = (name: 'count' | 'rate' | 'seconds') => (
    <label className="produce-amount">
      <span className="section-title">{t(`produce.many.${name}`)}</span>
      <input
        className="field mono"
        inputMode="numeric"
        placeholder={t(`produce.many.${name}Any`)}
        value={amount[name]}
        aria-invalid={!isAmount(amount[name]) || undefined}
        onChange={event => onChange({ [name]: event.currentTarget.value })}
      />
    </label>
  )
  return (
    <div className="produce-amounts">
      {field('count')}
      {field('rate')}
      {field('seconds')}
    </div>
  )
}

const DIGITS = /^[\d_ ,.']*$/

function isAmount(text: string): boolean {
  return text.trim() === '' || (DIGITS.test(text) && numberOf(text) > 0)
}

function numberOf(text: string): number {
  return Number(text.replace(/[^\d]/g, ''))
}

const RATE_MAX = 10_000_000
const SECONDS_MAX = 7 * 86_400

function readAmount({ count, rate, seconds }: Amount) {
  if (![count, rate, seconds].every(isAmount)) return null
  const given = (text: string) => (text.trim() === '' ? null : numberOf(text))
  const read = { count: given(count), rate: given(rate), seconds: given(seconds) }
  if ((read.rate ?? 0) > RATE_MAX || (read.seconds ?? 0) > SECONDS_MAX) return null
  const durationMs = read.seconds === null ? null : read.seconds * 1_000
  return { count: read.count, rate: read.rate, durationMs }
}

function buttonText(amount: Amount): string {
  const read = readAmount(amount)
  if (read?.count !== null && read !== null)
    return t('produce.many.send', { count: read.count, formatted: read.count.toLocaleString('en') })
  return t('produce.many.sendUntil')
}
