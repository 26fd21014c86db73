/** A moment: typed in any of the usual ways, picked from a calendar, or one of the usual spans. */
import { useState, type FormEvent } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { formatTimestamp, formatZone } from '../../../ui/format/time.ts'
import { useZone } from '../../../ui/format/zone-context.ts'
import { useNow } from '../../../ui/use-now.ts'
import { parseMoment, resolveMoment } from '../query/moment-text.ts'
import type { Moment } from '../query/range.ts'
import { momentText } from './point-text.ts'

const QUICK: readonly Moment[] = [
  { type: 'ago', spanMs: 300_000 },
  { type: 'ago', spanMs: 900_000 },
  { type: 'ago', spanMs: 3_600_000 },
  { type: 'ago', spanMs: 86_400_000 },
  { type: 'day', day: 'today' },
  { type: 'day', day: 'yesterday' },
]

interface MomentFieldProps {
  readonly value: Moment | null
  readonly onChoose: (moment: Moment) => void
}

export function MomentField({ value, onChoose }: MomentFieldProps) {
  const nowMs = useNow(1_000)
  const zone = useZone()
  const [text, setText] = useState(() => (value === null ? '' : momentText(value, zone)))
  const moment = parseMoment(text, nowMs, zone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (moment !== null) onChoose(moment)
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
          aria-invalid={text !== '' && moment === null}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button" disabled={moment === null}>
        {t('point.go')}
      </button>
      <span className="choice-means">
        <span className={text !== '' && moment === null ? 'bad' : 'faint'}>
          {moment !== null
            ? t('point.means', {
                moment: formatTimestamp(resolveMoment(moment, nowMs, zone), zone),
              })
            : text === ''
              ? t('point.forms')
              : t('point.noMoment')}
        </span>
        <input
          className="field moment-picker"
          type="datetime-local"
          step={1}
          aria-label={t('point.pick')}
          title={t('point.pick')}
          onChange={event => {
            // The picker knows no zone; what it gives is read in the reader's.
            if (event.currentTarget.value !== '')
              setText(event.currentTarget.value.replace('T', ' '))
          }}
        />
      </span>
      <span className="choice-quick">
        {QUICK.map(each => (
          <button
            key={momentText(each, zone)}
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => onChoose(each)}
          >
            {momentText(each, zone)}
          </button>
        ))}
      </span>
    </form>
  )
}
