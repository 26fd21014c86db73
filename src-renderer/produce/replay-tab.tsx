/** Records of this topic once more, byte for byte: to another topic, or to another cluster. */
import { useEffect, useState } from 'react'
import type { ClusterSummary } from '../../src-main/contract/model/cluster.ts'
import { AskedAnswer } from '../connection/answer.ts'
import { useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format/number.ts'
import type { Zone } from '../ui/format/time.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { useStore } from '../ui/store.ts'
import { CodecAndAcks, PartitionerSelect } from './delivery-fields.tsx'
import { PanelFoot } from './panel-foot.tsx'
import { parseMoment } from './produce-form.ts'
import type { ProduceSession } from './produce-session.ts'
import { replayPlaces, setReplayPlaces } from './replay-places.ts'
import type { RunInput } from './run-input.ts'
import { RunView } from './run-view.tsx'
import { runStoreOf } from './runs.ts'
import { Warnings } from './samples.tsx'

type Range = Extract<Extract<RunInput, { type: 'replay' }>['records'], { type: 'range' }>
type BeginKind = Range['begin']['type']
type EndKind = Range['end']['type']

interface ReplayForm {
  readonly cluster: string
  readonly topic: string
  readonly partitions: string
  readonly begin: BeginKind
  readonly beginText: string
  readonly end: EndKind
  readonly endText: string
  readonly keepTimestamp: boolean
  readonly keepPartition: boolean
  readonly rate: string
}

interface ReplayTabProps {
  readonly session: ProduceSession
  readonly clusters: readonly ClusterSummary[]
}

export function ReplayTab({ session, clusters }: ReplayTabProps) {
  const { client, cluster, topic } = session
  const zone = useZone()
  const { form: delivery } = useStore(session)
  const chosen = useStore(replayPlaces)
  const places =
    chosen !== null && chosen.cluster === cluster && chosen.topic === topic ? chosen.places : null
  const [form, setForm] = useState<ReplayForm>({
    cluster,
    topic: '',
    partitions: '',
    begin: 'oldest',
    beginText: '',
    end: 'now',
    endText: '',
    keepTimestamp: true,
    keepPartition: false,
    rate: '',
  })
  const change = (next: Partial<ReplayForm>) => setForm({ ...form, ...next })
  // The run belongs to the topic that it is begun from: there one looks for it.
  const store = runStoreOf(client, cluster, topic, 'replay')
  const { run, starting } = useStore(store)
  useEffect(() => void store.find(), [store])
  const records = places === null ? readRange(form, zone) : ({ type: 'list', places } as const)
  const rate = form.rate.trim() === '' ? null : Number(form.rate)
  const running = starting || (run !== null && run.endedAtMs === null)
  const toItself = form.topic === topic && form.cluster === cluster
  const whyNot = running
    ? t('produce.run.running')
    : form.topic === ''
      ? t('produce.replay.noTopic')
      : records === null
        ? t('produce.replay.noRange')
        : rate !== null && !(Number.isInteger(rate) && rate > 0)
          ? t('produce.many.wrong')
          : null
  const start = () => {
    if (records === null) return
    const { codec, acks, idempotent, partitioner } = delivery
    const { keepTimestamp, keepPartition } = form
    void store.start(
      form.topic,
      form.cluster,
      { type: 'replay', from: { cluster, topic }, records, keepTimestamp, keepPartition, rate },
      {
        delivery: { codec, acks, partitioner, idempotent: idempotent && acks === 'all' },
        continueAfterErrors: true,
      },
    )
  }
  return (
    <>
      <div className="produce-body">
        <section className="produce-grid" aria-label={t('produce.replay.label')}>
          <span className="produce-label">{t('produce.replay.what')}</span>
          {places === null ? (
            <span className="produce-controls quiet">{t('produce.replay.range')}</span>
          ) : (
            <div className="produce-controls">
              {t('produce.replay.chosen', {
                count: places.length,
                formatted: formatCount(places.length),
              })}
              <Button kind="quiet" onClick={() => setReplayPlaces(null)}>
                {t('produce.replay.rangeInstead')}
              </Button>
            </div>
          )}
          {places === null && <RangeFields form={form} onChange={change} />}
          <TargetFields session={session} clusters={clusters} form={form} onChange={change} />
          <span className="produce-label">{t('produce.replay.keep')}</span>
          <div className="produce-controls">
            <label className="switch">
              <input
                type="checkbox"
                checked={form.keepTimestamp}
                onChange={event => change({ keepTimestamp: event.currentTarget.checked })}
              />
              {t('produce.replay.timestamps')}
            </label>
            <label className="switch">
              <input
                type="checkbox"
                checked={form.keepPartition}
                onChange={event => change({ keepPartition: event.currentTarget.checked })}
              />
              {t('produce.replay.partitions')}
            </label>
            {!form.keepPartition && <PartitionerSelect session={session} />}
          </div>
          <CodecAndAcks session={session} />
          <label className="produce-label" htmlFor="replay-rate">
            {t('produce.many.rate')}
          </label>
          <div className="produce-controls">
            <input
              id="replay-rate"
              className="field mono produce-step"
              inputMode="numeric"
              placeholder={t('produce.many.rateAny')}
              value={form.rate}
              onChange={event => change({ rate: event.currentTarget.value })}
            />
          </div>
        </section>
        {toItself && (
          <Warnings warnings={[{ id: 'itself', tone: 'warn', text: t('produce.replay.itself') }]} />
        )}
      </div>
      <PanelFoot>
        <RunView store={store} />
        <div className="produce-acts">
          <span className="small faint">{t('produce.replay.exact')}</span>
          <span className="spacer" />
          <Button kind="primary" whyNot={whyNot} onClick={start}>
            {t('produce.replay.send')}
          </Button>
        </div>
      </PanelFoot>
    </>
  )
}

interface RangeFieldsProps {
  readonly form: ReplayForm
  readonly onChange: (next: Partial<ReplayForm>) => void
}

function RangeFields({ form, onChange }: RangeFieldsProps) {
  return (
    <>
      <label className="produce-label" htmlFor="replay-partitions">
        {t('produce.partition')}
      </label>
      <div className="produce-controls">
        <input
          id="replay-partitions"
          className="field mono"
          placeholder={t('produce.replay.allPartitions')}
          value={form.partitions}
          onChange={event => onChange({ partitions: event.currentTarget.value })}
        />
      </div>
      <label className="produce-label" htmlFor="replay-begin">
        {t('produce.replay.from')}
      </label>
      <div className="produce-controls">
        <select
          id="replay-begin"
          className="field"
          value={form.begin}
          onChange={event => onChange({ begin: event.currentTarget.value as BeginKind })}
        >
          <option value="oldest">{t('produce.replay.oldest')}</option>
          <option value="offset">{t('produce.replay.offset')}</option>
          <option value="timestamp">{t('produce.replay.timestamp')}</option>
        </select>
        {form.begin !== 'oldest' && (
          <input
            className="field mono produce-moment"
            aria-label={t('produce.replay.from')}
            value={form.beginText}
            onChange={event => onChange({ beginText: event.currentTarget.value })}
          />
        )}
      </div>
      <label className="produce-label" htmlFor="replay-end">
        {t('produce.replay.until')}
      </label>
      <div className="produce-controls">
        <select
          id="replay-end"
          className="field"
          value={form.end}
          onChange={event => onChange({ end: event.currentTarget.value as EndKind })}
        >
          <option value="now">{t('produce.replay.now')}</option>
          <option value="offset">{t('produce.replay.offset')}</option>
          <option value="timestamp">{t('produce.replay.timestamp')}</option>
        </select>
        {form.end !== 'now' && (
          <input
            className="field mono produce-moment"
            aria-label={t('produce.replay.until')}
            value={form.endText}
            onChange={event => onChange({ endText: event.currentTarget.value })}
          />
        )}
      </div>
    </>
  )
}

type TargetFieldsProps = RangeFieldsProps & ReplayTabProps

const NAMES_OFFERED = 60

function TargetFields({ session, clusters, form, onChange }: TargetFieldsProps) {
  const { client } = session
  const topics = useHeld(
    () => new AskedAnswer(client, 'topic.list', { cluster: form.cluster }),
    form.cluster,
  )
  const { value } = useStore(topics)
  const typed = form.topic.toLowerCase()
  const names = (value?.topics?.name ?? [])
    .filter(name => name.toLowerCase().includes(typed) && name !== form.topic)
    .slice(0, NAMES_OFFERED)
  const writable = clusters.filter(({ readOnly }) => !readOnly)
  return (
    <>
      <label className="produce-label" htmlFor="replay-topic">
        {t('produce.replay.to')}
      </label>
      <div className="produce-controls">
        {writable.length > 1 && (
          <select
            className="field"
            aria-label={t('produce.replay.cluster')}
            value={form.cluster}
            onChange={event => onChange({ cluster: event.currentTarget.value })}
          >
            {writable.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        <input
          id="replay-topic"
          className="field mono produce-topic"
          list="replay-topics"
          placeholder={t('produce.replay.topic')}
          value={form.topic}
          spellCheck={false}
          onChange={event => onChange({ topic: event.currentTarget.value })}
        />
        <datalist id="replay-topics">
          {names.map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
    </>
  )
}

const INT64_MAX = 9_223_372_036_854_775_807n

/** Null where a field of it means nothing. */
function readRange(form: ReplayForm, zone: Zone): Range | null {
  const partitions = readPartitions(form.partitions)
  if (partitions === undefined) return null
  const begin =
    form.begin === 'oldest'
      ? ({ type: 'oldest' } as const)
      : readPoint(form.begin, form.beginText, zone)
  const end =
    form.end === 'now' ? ({ type: 'now' } as const) : readPoint(form.end, form.endText, zone)
  return begin === null || end === null ? null : { type: 'range', partitions, begin, end }
}

function readPoint(kind: 'offset' | 'timestamp', text: string, zone: Zone) {
  if (kind === 'timestamp') {
    const timestampMs = parseMoment(text, zone)
    return timestampMs === null ? null : ({ type: 'timestamp', timestampMs } as const)
  }
  const trimmed = text.trim()
  if (!/^\d{1,19}$/.test(trimmed) || BigInt(trimmed) > INT64_MAX) return null
  return { type: 'offset', offset: BigInt(trimmed) } as const
}

/** `0,2-4`; null for all, undefined for what names none. */
function readPartitions(text: string): readonly number[] | null | undefined {
  if (text.trim() === '') return null
  const partitions = new Set<number>()
  for (const each of text.split(',')) {
    const match = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*$/.exec(each)
    if (match === null) return undefined
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
    if (last < first || last - first > 100_000) return undefined
    for (let partition = first; partition <= last; partition++) partitions.add(partition)
  }
  return [...partitions]
}
