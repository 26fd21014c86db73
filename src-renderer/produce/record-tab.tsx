/** One record: its fields, how it would be sent, and what was sent before. */
import { Link } from '@tanstack/react-router'
import { Check, CircleAlert } from 'lucide-react'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { formatTimeOfDay } from '../ui/format/time.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { useStore } from '../ui/store.ts'
import { DeliveryFields } from './delivery-fields.tsx'
import { ProblemText } from './problem-text.tsx'
import type { ProduceSession, SentEntry } from './produce-session.ts'
import { RecordFields } from './record-fields.tsx'
import { Hints } from './hints.tsx'
import { PartitionMark, Samples } from './samples.tsx'

export function RecordTab({ session }: { readonly session: ProduceSession }) {
  const state = useStore(session)
  const { samples, sent } = state
  return (
    <>
      <RecordFields session={session} />
      <DeliveryFields session={session} />
      <Hints state={state} />
      <Samples samples={samples} title={t('produce.samples', { count: samples.length })} />
      {sent.length > 0 && <SentList session={session} sent={sent} />}
    </>
  )
}

interface SentListProps {
  readonly session: ProduceSession
  readonly sent: readonly SentEntry[]
}

function SentList({ session, sent }: SentListProps) {
  return (
    <section className="produce-section" aria-label={t('produce.sentList')}>
      <h3 className="section-title">{t('produce.sentList')}</h3>
      <ol className="produce-sent">
        {sent.map(entry => (
          <Sent key={entry.id} session={session} entry={entry} />
        ))}
      </ol>
    </section>
  )
}

interface SentProps {
  readonly session: ProduceSession
  readonly entry: SentEntry
}

function Sent({ session, entry }: SentProps) {
  const zone = useZone()
  const { record, keyText, atMs } = entry
  const { partition, offset, problem } = record
  const time = <span className="faint small">{formatTimeOfDay(BigInt(atMs), zone)}</span>
  if (problem !== null)
    return (
      <li data-tone="bad">
        <CircleAlert size={14} aria-hidden />
        <span className="produce-sent-text">
          <ProblemText problem={problem} />
        </span>
        {time}
      </li>
    )
  return (
    <li>
      <Check size={14} aria-hidden className="produce-good" />
      <PartitionMark partition={partition} />
      {offset === null ? (
        <span className="faint">{t('produce.sentUnknown')}</span>
      ) : (
        <span className="copyable">
          <RecordLink session={session} partition={partition} offset={offset} />
          <CopyButton text={`${partition}:${offset}`} label={t('produce.copyPlace')} />
        </span>
      )}
      <span className="mono faint clip">{keyText}</span>
      <span className="spacer" />
      {time}
    </li>
  )
}

interface RecordLinkProps {
  readonly session: ProduceSession
  readonly partition: number
  readonly offset: bigint
}

/** Leads to the record as it was read back, with the panel still open. */
export function RecordLink({ session, partition, offset }: RecordLinkProps) {
  const { cluster, topic } = session
  return (
    <Link
      to="/$cluster/topics/$topic"
      params={{ cluster, topic }}
      search={before => ({ ...before, at: `${partition}:${offset}` })}
      className="mono name-link"
      title={t('produce.readBack')}
    >
      {offset.toString()}
    </Link>
  )
}
