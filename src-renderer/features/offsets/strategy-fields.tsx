/** The values of strategies, typed. Text that is no value yet makes the strategy unfinished. */
import { useState } from 'react'
import { formatIsoDuration, parseDuration } from '../../../src-main/contract/duration.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatTimestamp, parseTimestamp } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'

interface NumberFieldProps {
  readonly label: string
  readonly pattern: RegExp
  readonly value: bigint | null
  readonly onValue: (value: bigint | null) => void
  readonly hint?: string
}

export function NumberField({ label, pattern, value, onValue, hint }: NumberFieldProps) {
  const [text, setText] = useState(value?.toString() ?? '')
  const read = (typed: string) =>
    pattern.test(typed.trim()) ? BigInt(typed.trim().replace('−', '-').replace('+', '')) : null
  // The address may change under the field: going back in history.
  const shown = value !== null && read(text) !== value ? value.toString() : text
  return (
    <div className="lab-value">
      <input
        className="field mono"
        value={shown}
        autoFocus
        inputMode="numeric"
        aria-label={label}
        aria-invalid={shown !== '' && read(shown) === null}
        placeholder={label}
        spellCheck={false}
        onChange={event => {
          setText(event.currentTarget.value)
          onValue(read(event.currentTarget.value))
        }}
      />
      {hint !== undefined && <span className="small faint">{hint}</span>}
    </div>
  )
}

interface MomentFieldProps {
  readonly value: bigint | null
  readonly onValue: (timestampMs: bigint | null) => void
}

const AGO_MINUTES = [15, 60] as const
const DAY_MS = 86_400_000

export function MomentField({ value, onValue }: MomentFieldProps) {
  const zone = useZone()
  const asText = (timestampMs: bigint | null) =>
    timestampMs === null ? '' : formatTimestamp(timestampMs, zone).replace(/\.000$/, '')
  const [text, setText] = useState(asText(value))
  const read = (typed: string) => {
    const timestampMs = parseTimestamp(typed, zone)
    return timestampMs !== null && timestampMs >= 0n ? timestampMs : null
  }
  const choose = (timestampMs: bigint) => {
    setText(asText(timestampMs))
    onValue(timestampMs)
  }
  const midnight = (daysBack: number) => {
    const day = formatTimestamp(BigInt(Date.now() - daysBack * DAY_MS), zone).slice(0, 10)
    const timestampMs = read(day)
    if (timestampMs !== null) choose(timestampMs)
  }
  const shown = value !== null && read(text) !== value ? asText(value) : text
  return (
    <div className="lab-value">
      <input
        className="field mono"
        value={shown}
        autoFocus
        aria-label={t('offsets.strategy.timestamp')}
        aria-invalid={shown !== '' && read(shown) === null}
        placeholder={t('point.timestampPlaceholder')}
        spellCheck={false}
        onChange={event => {
          setText(event.currentTarget.value)
          onValue(read(event.currentTarget.value))
        }}
      />
      <span className="lab-quick">
        {AGO_MINUTES.map(minutes => (
          <Button
            key={minutes}
            kind="quiet"
            onClick={() => choose(BigInt(Date.now() - minutes * 60_000))}
          >
            {t(`offsets.ago.m${minutes}`)}
          </Button>
        ))}
        <Button kind="quiet" onClick={() => midnight(0)}>
          {t('offsets.ago.today')}
        </Button>
        <Button kind="quiet" onClick={() => midnight(1)}>
          {t('offsets.ago.yesterday')}
        </Button>
      </span>
    </div>
  )
}

export function DurationField({ value, onValue }: MomentFieldProps) {
  const [text, setText] = useState(value === null ? '' : formatDuration(Number(value)))
  const shown = value !== null && parseDuration(text) !== value ? formatIsoDuration(value) : text
  return (
    <div className="lab-value">
      <input
        className="field mono"
        value={shown}
        autoFocus
        aria-label={t('offsets.strategy.duration')}
        aria-invalid={shown !== '' && parseDuration(shown) === null}
        placeholder={t('offsets.strategy.durationPlaceholder')}
        spellCheck={false}
        onChange={event => {
          setText(event.currentTarget.value)
          onValue(parseDuration(event.currentTarget.value))
        }}
      />
    </div>
  )
}
