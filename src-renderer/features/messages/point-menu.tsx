/** Chooses a place in a topic: by name, by offset, or by a moment in the chosen zone. */
import { Popover } from '@mantine/core'
import { Check, ChevronDown } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { t } from '../../i18n/i18n.ts'
import { formatTimestamp, formatZone, parseTimestamp } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { useNow } from '../../ui/use-now.ts'
import type { From, Until } from './messages-search.ts'

type Named = 'newest' | 'oldest' | 'now'
export type Point = From | Until

interface PointMenuProps<P extends Point> {
  readonly label: string
  readonly value: P
  readonly names: readonly Extract<P['type'], Named>[]
  readonly onChange: (point: P) => void
}

export function PointMenu<P extends Point>({ label, value, names, onChange }: PointMenuProps<P>) {
  const [opened, setOpened] = useState(false)
  const zone = useZone()
  const choose = (point: Point) => {
    setOpened(false)
    // Both unions share these points, and the names come from the caller's own.
    onChange(point as P)
  }
  return (
    <span className="choice">
      <span className="faint">{label}</span>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withinPortal>
        <Popover.Target>
          <button
            type="button"
            className="button"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <span className="choice-value">{pointText(value, zone)}</span>
            <ChevronDown size={13} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown className="choice-menu">
          {names.map((name: Named) => (
            <button
              key={name}
              type="button"
              className="choice-item"
              onClick={() => choose({ type: name })}
            >
              <Check size={13} aria-hidden style={{ opacity: value.type === name ? 1 : 0 }} />
              {t(`point.${name}`)}
              <span className="faint">{t(`point.${name}Hint`)}</span>
            </button>
          ))}
          <OffsetField value={value} onChoose={choose} />
          <MomentField value={value} onChoose={choose} />
        </Popover.Dropdown>
      </Popover>
    </span>
  )
}

interface FieldProps {
  readonly value: Point
  readonly onChoose: (point: Point) => void
}

function OffsetField({ value, onChoose }: FieldProps) {
  const [text, setText] = useState(value.type === 'offset' ? value.offset.toString() : '')
  const offset = /^\d{1,19}$/.test(text.trim()) ? BigInt(text.trim()) : null
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

const AGO_MINUTES = [5, 60, 1_440, 10_080] as const

function MomentField({ value, onChoose }: FieldProps) {
  const nowMs = useNow(60_000)
  const zone = useZone()
  const [text, setText] = useState(() =>
    value.type === 'timestamp' ? formatTimestamp(value.timestampMs, zone) : '',
  )
  const timestampMs = parseTimestamp(text, zone)
  const legal = timestampMs !== null && timestampMs >= 0n
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (legal) onChoose({ type: 'timestamp', timestampMs })
  }
  return (
    <form className="choice-form" onSubmit={submit}>
      <label className="choice-form-label">
        <span>
          {t('point.timestamp')} <span className="faint">{formatZone(zone, nowMs)}</span>
        </span>
        <input
          className="field mono"
          placeholder={t('point.timestampPlaceholder')}
          value={text}
          spellCheck={false}
          aria-invalid={text !== '' && !legal}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button" disabled={!legal}>
        {t('point.go')}
      </button>
      <span className="choice-ago">
        {AGO_MINUTES.map(minutes => (
          <button
            key={minutes}
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() =>
              onChoose({ type: 'timestamp', timestampMs: BigInt(Date.now() - minutes * 60_000) })
            }
          >
            {t(`point.ago.m${minutes}`)}
          </button>
        ))}
      </span>
    </form>
  )
}

function pointText(point: Point, zone: string): string {
  switch (point.type) {
    case 'offset':
      return t('point.atOffset', { offset: point.offset.toString() })
    case 'timestamp':
      return formatTimestamp(point.timestampMs, zone).replace(/\.000$/, '')
    default:
      return t(`point.${point.type}`)
  }
}
