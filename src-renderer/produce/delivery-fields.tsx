/** Where a record goes, when it says it was made, and how it gets there. */
import type { PartitionerName } from '../../src-main/contract/api/produce.ts'
import { t } from '../i18n/i18n.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { formatTimestamp } from '../ui/format/time.ts'
import { useStore } from '../ui/store.ts'
import { parseMoment, type ProduceForm } from './produce-form.ts'
import type { ProduceSession } from './produce-session.ts'

const PARTITIONERS: readonly PartitionerName[] = [
  'java',
  'librdkafka',
  'consistent',
  'murmur2',
  'fnv1a-random',
  'fnv1a',
  'round-robin',
  'random',
]
const CODECS: readonly ProduceForm['codec'][] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const ACKS: readonly ProduceForm['acks'][] = ['all', '1', '0']

export function DeliveryFields({ session }: { readonly session: ProduceSession }) {
  return (
    <section className="produce-grid" aria-label={t('produce.delivery')}>
      <PartitionField session={session} />
      <TimestampField session={session} />
      <CodecAndAcks session={session} />
    </section>
  )
}

/** Only what concerns all records of a file or of a replay. */
export function CodecAndAcks({ session }: { readonly session: ProduceSession }) {
  const { form } = useStore(session)
  return (
    <>
      <label className="produce-label" htmlFor="produce-codec">
        {t('produce.codec')}
      </label>
      <div className="produce-controls">
        <select
          id="produce-codec"
          className="field"
          value={form.codec}
          onChange={event =>
            session.change({ codec: event.currentTarget.value as ProduceForm['codec'] })
          }
        >
          {CODECS.map(codec => (
            <option key={codec} value={codec}>
              {codec === 'none' ? t('produce.codecNone') : codec}
            </option>
          ))}
        </select>
        <label className="produce-inline" title={t('produce.acksHint')}>
          <span className="faint">acks</span>
          <select
            className="field"
            value={form.acks}
            onChange={event =>
              session.change({ acks: event.currentTarget.value as ProduceForm['acks'] })
            }
          >
            {ACKS.map(acks => (
              <option key={acks} value={acks}>
                {acks}
              </option>
            ))}
          </select>
        </label>
        <label
          className="switch"
          title={form.acks === 'all' ? t('produce.idempotentHint') : t('produce.idempotentNeeds')}
        >
          <input
            type="checkbox"
            checked={form.idempotent && form.acks === 'all'}
            disabled={form.acks !== 'all'}
            onChange={event => session.change({ idempotent: event.currentTarget.checked })}
          />
          {t('produce.idempotent')}
        </label>
      </div>
    </>
  )
}

function PartitionField({ session }: { readonly session: ProduceSession }) {
  const { form, target, byKey, faults } = useStore(session)
  const explicit = form.partition.trim() !== ''
  return (
    <>
      <label className="produce-label" htmlFor="produce-partition">
        {t('produce.partition')}
      </label>
      <div className="produce-controls">
        <input
          id="produce-partition"
          className="field mono produce-partition"
          inputMode="numeric"
          list="produce-partitions"
          placeholder={t('produce.partitionAny')}
          title={t('produce.partitionHint')}
          value={form.partition}
          aria-invalid={faults.includes('partition') || undefined}
          onChange={event => session.change({ partition: event.currentTarget.value })}
        />
        <datalist id="produce-partitions">
          {(target?.partitions ?? []).slice(0, 100).map(({ partition }) => (
            <option key={partition} value={partition} />
          ))}
        </datalist>
        <PartitionerSelect session={session} disabled={explicit} />
        <span
          className="produce-by-key"
          data-off={(explicit && form.partition.trim() !== String(byKey)) || undefined}
          aria-live="polite"
        >
          <span className="faint" aria-hidden>
            →
          </span>{' '}
          {byKey === null ? (
            <span className="faint">{t(`produce.spread.${spreadOf(form.partitioner)}`)}</span>
          ) : (
            <span className="mono">{byKey}</span>
          )}
        </span>
      </div>
    </>
  )
}

interface PartitionerSelectProps {
  readonly session: ProduceSession
  readonly disabled?: boolean
}

export function PartitionerSelect({ session, disabled = false }: PartitionerSelectProps) {
  const { form } = useStore(session)
  return (
    <select
      className="field produce-partitioner"
      aria-label={t('produce.partitioner')}
      title={
        disabled ? t('produce.partitionGiven') : t(`produce.partitionerHint.${form.partitioner}`)
      }
      value={form.partitioner}
      data-quiet={disabled || undefined}
      onChange={event =>
        session.change({ partitioner: event.currentTarget.value as PartitionerName })
      }
    >
      {PARTITIONERS.map(each => (
        <option key={each} value={each} title={t(`produce.partitionerHint.${each}`)}>
          {t(`produce.partitionerName.${each}`)}
        </option>
      ))}
    </select>
  )
}

function spreadOf(partitioner: PartitionerName): 'sticky' | 'turn' | 'random' {
  if (partitioner === 'java') return 'sticky'
  return partitioner === 'round-robin' ? 'turn' : 'random'
}

function TimestampField({ session }: { readonly session: ProduceSession }) {
  const { form, faults } = useStore(session)
  const zone = useZone()
  const kind = form.timestampKind
  const moment = kind === 'now' ? null : parseMoment(form.timestampText, zone)
  return (
    <>
      <label className="produce-label" htmlFor="produce-timestamp">
        {t('produce.timestamp')}
      </label>
      <div className="produce-controls">
        <select
          id="produce-timestamp"
          className="field"
          value={kind}
          onChange={event => {
            const timestampKind = event.currentTarget.value as ProduceForm['timestampKind']
            const timestampText = form.timestampText || formatTimestamp(BigInt(Date.now()), zone)
            session.change({ timestampKind, timestampText })
          }}
        >
          <option value="now">{t('produce.timestampNow')}</option>
          <option value="at">{t('produce.timestampAt')}</option>
          <option value="series">{t('produce.timestampSeries')}</option>
        </select>
        {kind !== 'now' && (
          <input
            className="field mono produce-moment"
            aria-label={t('produce.timestampText')}
            title={moment === null ? t('produce.timestampHint') : String(moment)}
            value={form.timestampText}
            spellCheck={false}
            aria-invalid={faults.includes('timestamp') || undefined}
            onChange={event => session.change({ timestampText: event.currentTarget.value })}
          />
        )}
        {kind === 'series' && (
          <label className="produce-inline">
            <span className="faint">+</span>
            <input
              className="field mono produce-step"
              aria-label={t('produce.timestampStep')}
              value={form.stepText}
              inputMode="numeric"
              aria-invalid={faults.includes('step') || undefined}
              onChange={event => session.change({ stepText: event.currentTarget.value })}
            />
            <span className="faint">ms</span>
          </label>
        )}
      </div>
      {faults.includes('timestamp') && (
        <p className="produce-problem produce-wide" role="alert">
          {t('produce.timestampHint')}
        </p>
      )}
    </>
  )
}
