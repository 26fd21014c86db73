/** A count of records, one offset for all partitions, or one for each. */
import { useState, type FormEvent } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { formatCount } from '../../../ui/format/number.ts'
import {
  COUNT_MAX,
  INT64_MAX,
  type From,
  type PartitionOffset,
  type Until,
} from '../query/range.ts'

const COUNTS = [100, 500, 5_000] as const
/** More fields than this are not filled in by hand. */
const FIELDS_MAX = 200

interface CountFieldProps {
  readonly value: number | null
  /** Null is without a limit. */
  readonly onChoose: (count: number | null) => void
}

export function CountField({ value, onChoose }: CountFieldProps) {
  const [text, setText] = useState(value === null ? '' : String(value))
  const count = /^\d{1,10}$/.test(text.trim()) ? Number(text.trim()) : 0
  const legal = count > 0 && count <= COUNT_MAX
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (legal) onChoose(count)
  }
  return (
    <form className="choice-form" onSubmit={submit}>
      <label className="choice-form-label">
        {t('point.count')}
        <input
          className="field mono"
          inputMode="numeric"
          placeholder={t('point.all')}
          value={text}
          aria-invalid={text !== '' && !legal}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button" disabled={!legal}>
        {t('point.go')}
      </button>
      <span className="choice-quick">
        {COUNTS.map(each => (
          <button
            key={each}
            type="button"
            className="button"
            data-kind="quiet"
            aria-pressed={value === each}
            onClick={() => onChoose(each)}
          >
            {formatCount(each)}
          </button>
        ))}
        <button
          type="button"
          className="button"
          data-kind="quiet"
          aria-pressed={value === null}
          onClick={() => onChoose(null)}
        >
          {t('point.all')}
        </button>
      </span>
    </form>
  )
}

type Offsets = Extract<From & Until, { type: 'offset' | 'offsets' }>

interface OffsetFieldsProps {
  readonly value: From | Until
  readonly partitionCount: number | null
  readonly onChoose: (point: Offsets) => void
}

export function OffsetFields({ value, partitionCount, onChoose }: OffsetFieldsProps) {
  const [each, setEach] = useState(value.type === 'offsets')
  const several = partitionCount !== null && partitionCount > 1 && partitionCount <= FIELDS_MAX
  return (
    <div className="choice-section">
      {each && several ? (
        <OffsetPerPartition
          value={value.type === 'offsets' ? value.offsets : []}
          partitionCount={partitionCount}
          onChoose={onChoose}
        />
      ) : (
        <OneOffset value={value} onChoose={onChoose} />
      )}
      {several && (
        <label className="switch choice-switch">
          <input
            type="checkbox"
            checked={each}
            onChange={event => setEach(event.currentTarget.checked)}
          />
          {t('point.perPartition')}
        </label>
      )}
    </div>
  )
}

function OneOffset({ value, onChoose }: Omit<OffsetFieldsProps, 'partitionCount'>) {
  const [text, setText] = useState(value.type === 'offset' ? value.offset.toString() : '')
  const offset = readOffset(text)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (offset !== null) onChoose({ type: 'offset', offset })
  }
  return (
    <form className="choice-form" onSubmit={submit}>
      <label className="choice-form-label">
        {t('point.offset')}
        <input
          className="field mono"
          inputMode="numeric"
          placeholder="0"
          value={text}
          aria-invalid={text !== '' && offset === null}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button" disabled={offset === null}>
        {t('point.go')}
      </button>
    </form>
  )
}

interface OffsetPerPartitionProps {
  readonly value: readonly PartitionOffset[]
  readonly partitionCount: number
  readonly onChoose: (point: Offsets) => void
}

function OffsetPerPartition({ value, partitionCount, onChoose }: OffsetPerPartitionProps) {
  const [texts, setTexts] = useState(
    () => new Map(value.map(({ partition, offset }) => [partition, offset.toString()])),
  )
  const given = [...texts].filter(([, text]) => text.trim() !== '')
  const offsets = given.flatMap(([partition, text]) => {
    const offset = readOffset(text)
    return offset === null ? [] : { partition, offset }
  })
  const legal = offsets.length > 0 && offsets.length === given.length
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (legal)
      onChoose({ type: 'offsets', offsets: offsets.toSorted((a, b) => a.partition - b.partition) })
  }
  return (
    <form className="choice-form" onSubmit={submit}>
      <span className="choice-form-label">{t('point.offsets')}</span>
      <button type="submit" className="button" disabled={!legal}>
        {t('point.go')}
      </button>
      <span className="offset-grid">
        {Array.from({ length: partitionCount }, (_, partition) => {
          const text = texts.get(partition) ?? ''
          return (
            <label key={partition} className="offset-field">
              <span className="faint mono">{partition}</span>
              <input
                className="field mono"
                inputMode="numeric"
                aria-label={t('point.offsetOf', { partition })}
                value={text}
                aria-invalid={text.trim() !== '' && readOffset(text) === null}
                onChange={event =>
                  setTexts(new Map(texts).set(partition, event.currentTarget.value))
                }
              />
            </label>
          )
        })}
      </span>
    </form>
  )
}

function readOffset(text: string): bigint | null {
  if (!/^\d{1,19}$/.test(text.trim())) return null
  const offset = BigInt(text.trim())
  return offset > INT64_MAX ? null : offset
}
