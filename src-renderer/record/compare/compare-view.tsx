/** The record beside another one: what came, went and changed, part by part. */
import { useEffect, useMemo, useState, type FormEvent } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount } from '../../ui/format/number.ts'
import { Failure, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import {
  readPastedPlace,
  readPlace,
  samePlace,
  writePlace,
  type RecordPlace,
} from '../panel-view.ts'
import { ShownRecords, type ShownRecord } from '../shown-record.ts'
import { compareRecords, type Comparison } from './compare-records.ts'
import type { DiffLine } from './json-diff.ts'

interface CompareViewProps {
  readonly record: ShownRecord
  /** `topic:partition:offset`, as in the address. */
  readonly with: string | undefined
  readonly onWith: (place: RecordPlace | null) => void
  /** Other rows that its reader selected. */
  readonly marked: readonly RecordPlace[]
  readonly onPlace: ((place: RecordPlace) => void) | undefined
  /** Looks for the record before or after with the same key. */
  readonly byKey: (direction: 'forward' | 'backward') => void
}

export function CompareView(props: CompareViewProps) {
  const { record } = props
  const other = props.with === undefined ? null : readPlace(props.with, record.place.topic)
  return (
    <div className="compare">
      <CompareChoice {...props} other={other} />
      {other !== null && samePlace(other, record.place) && (
        <p className="compare-hint">{t('compare.itself')}</p>
      )}
      {other !== null && !samePlace(other, record.place) && (
        <CompareWith {...props} other={other} />
      )}
    </div>
  )
}

type ChoiceProps = CompareViewProps & { readonly other: RecordPlace | null }

function CompareChoice({ record, other, onWith, marked, byKey }: ChoiceProps) {
  const [text, setText] = useState('')
  const pasted = readPastedPlace(text, record.place.topic)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pasted === null) return
    setText('')
    onWith(pasted)
  }
  const others = marked.filter(place => !samePlace(place, record.place))
  return (
    <div className="compare-choice">
      <form onSubmit={submit}>
        <input
          className="field mono"
          value={text}
          placeholder={t('compare.placeholder')}
          aria-label={t('compare.paste')}
          aria-invalid={text !== '' && pasted === null}
          onChange={event => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          whyNot={pasted === null ? t('compare.pasteWhyNot') : null}
          onClick={submit}
        >
          {t('compare.compare')}
        </Button>
      </form>
      <div className="compare-quick">
        <Button
          kind="quiet"
          whyNot={record.detail.key === null ? t('record.byKey.noKey') : null}
          onClick={() => byKey('backward')}
        >
          {t('compare.previousOfKey')}
        </Button>
        <Button
          kind="quiet"
          whyNot={record.detail.key === null ? t('record.byKey.noKey') : null}
          onClick={() => byKey('forward')}
        >
          {t('compare.nextOfKey')}
        </Button>
        {others.slice(0, MARKED_MAX).map(place => (
          <Button key={writePlace(place)} kind="quiet" onClick={() => onWith(place)}>
            {t('compare.marked', { place: `${place.partition}:${place.offset}` })}
          </Button>
        ))}
        {other !== null && (
          <Button kind="quiet" onClick={() => onWith(null)}>
            {t('compare.clear')}
          </Button>
        )}
      </div>
    </div>
  )
}

const MARKED_MAX = 5

type WithProps = CompareViewProps & { readonly other: RecordPlace }

function CompareWith({ record, other, onPlace }: WithProps) {
  const client = useClient()
  const cluster = useCluster()
  const others = useHeld(() => new ShownRecords(client, cluster.id), cluster.id)
  const state = useStore(others)
  const name = writePlace(other)
  useEffect(() => others.show(other, record.decoders), [others, other, record.decoders])
  const shown = state.shown !== null && samePlace(state.shown.place, other) ? state.shown : null
  const compared = useMemo(
    () => (shown === null ? null : compareRecords(record, shown)),
    [record, shown],
  )
  if (shown === null || compared === null) {
    if (state.problem === null) return <Loading what={t('record.waiting', { place: name })} />
    if (isGone(state.problem))
      return <Gone sentence={t('record.gone', { place: name })}>{null}</Gone>
    return (
      <Failure
        what={t('record.reading', { place: name })}
        problem={state.problem}
        onRetry={others.retry}
      />
    )
  }
  return (
    <>
      <CompareHead record={record} other={shown} onPlace={onPlace} />
      {compared.map(comparison => (
        <ComparedPartView key={comparison.part} comparison={comparison} />
      ))}
    </>
  )
}

interface CompareHeadProps {
  readonly record: ShownRecord
  readonly other: ShownRecord
  readonly onPlace: ((place: RecordPlace) => void) | undefined
}

function CompareHead({ record, other, onPlace }: CompareHeadProps) {
  const apartMs = Number(other.detail.timestampMs - record.detail.timestampMs)
  const sameTopic = other.place.topic === record.place.topic
  const nameOf = (place: RecordPlace) =>
    sameTopic ? `${place.partition}:${place.offset}` : writePlace(place)
  return (
    <p className="compare-head">
      <span className="diff-mark" data-kind="removed">
        −
      </span>
      <span className="mono">{nameOf(record.place)}</span>
      <span className="diff-mark" data-kind="added">
        +
      </span>
      {onPlace === undefined ? (
        <span className="mono">{nameOf(other.place)}</span>
      ) : (
        <button type="button" className="value-more mono" onClick={() => onPlace(other.place)}>
          {nameOf(other.place)}
        </button>
      )}
      <span className="faint">
        {apartMs === 0
          ? t('compare.sameTime')
          : t(apartMs > 0 ? 'compare.later' : 'compare.earlier', {
              span: formatDuration(Math.abs(apartMs)),
            })}
      </span>
    </p>
  )
}

function ComparedPartView({ comparison }: { readonly comparison: Comparison }) {
  const { part, lines, differences, partial } = comparison
  const [all, setAll] = useState(false)
  const shown = all ? lines : lines.filter(({ kind }) => kind !== 'same')
  const same = lines.length - differences
  return (
    <section className="compare-part" aria-label={t(`compare.part.${part}`)}>
      <h2 className="section-title">
        {t(`compare.part.${part}`)}{' '}
        <span className="faint">
          {differences === 0
            ? t('compare.equal')
            : t('compare.differences', { count: differences, formatted: formatCount(differences) })}
          {partial && ` · ${t('compare.partial')}`}
        </span>
        {same > 0 && lines.length > 1 && (
          <button
            type="button"
            className="value-more"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? t('compare.hideSame') : t('compare.showSame', { count: same })}
          </button>
        )}
      </h2>
      {shown.length > 0 && (
        <ul className="diff" data-how={comparison.how}>
          {shown.slice(0, LINES_SHOWN_MAX).map((line, place) => (
            // The lines of one comparison never change their places.
            <DiffLineView key={place} line={line} />
          ))}
        </ul>
      )}
      {shown.length > LINES_SHOWN_MAX && (
        <p className="faint">
          {t('compare.cut', { count: formatCount(shown.length - LINES_SHOWN_MAX) })}
        </p>
      )}
    </section>
  )
}

const LINES_SHOWN_MAX = 1_000
const MARKS = { same: ' ', changed: '~', added: '+', removed: '−' } as const

function DiffLineView({ line }: { readonly line: DiffLine }) {
  const { kind, path, left, right } = line
  return (
    <li className="diff-line" data-kind={kind} aria-label={t(`compare.kind.${kind}`, { path })}>
      <span className="diff-mark" data-kind={kind} aria-hidden>
        {MARKS[kind]}
      </span>
      {path !== '' && <span className="diff-path">{path}</span>}
      <span className="diff-values">
        {left !== null && kind !== 'same' && <del>{left}</del>}
        {kind === 'changed' && <span className="diff-arrow"> → </span>}
        {right !== null && <bdi className={kind === 'same' ? 'faint' : 'diff-new'}>{right}</bdi>}
      </span>
    </li>
  )
}
