import { Pencil, RotateCcw } from 'lucide-react'
import { Tooltip } from '@mantine/core'
import type {
  LandingRecord,
  OffsetNote,
  OffsetPlanRow,
} from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { RowLink } from '../../ui/row-link.tsx'
import type { Column } from '../../ui/table/column.ts'
import { AfterField } from './after-field.tsx'
import { PlaceName } from './place-name.tsx'
import { LandingCell } from './landing-cell.tsx'
import { landingName, landsOn } from './landing-records.ts'
import { isWarning, keyOf } from './offset-rows.ts'

export interface PlanColumnsOptions {
  readonly cluster: string
  readonly landings: ReadonlyMap<string, LandingRecord>
  /** The row whose offset is being typed. */
  readonly editing: string | null
  readonly onEdit: (key: string | null) => void
  /** Null leaves the partition as it is, undefined takes the strategy's word again. */
  readonly onSet: (row: OffsetPlanRow, offset: bigint | null | undefined) => void
}

export function planColumns(options: PlanColumnsOptions): readonly Column<OffsetPlanRow>[] {
  const { cluster } = options
  return [
    {
      id: 'partition',
      title: t('offsets.column.partition'),
      width: 144,
      grow: 2,
      text: row => `${row.topic}-${row.partition}`,
      cell: row => (
        <RowLink
          path={[cluster, 'topics', row.topic]}
          search={`?p=${row.partition}${row.after === null ? '' : `&from=offset:${row.after}`}`}
          title={`${row.topic}-${row.partition}`}
        >
          <PlaceName row={row} />
        </RowLink>
      ),
    },
    {
      id: 'now',
      title: t('offsets.column.now'),
      hint: t('offsets.column.nowHint'),
      width: 72,
      align: 'end',
      mono: true,
      text: row => row.now?.toString() ?? '',
      cell: row => <Now row={row} />,
    },
    {
      id: 'after',
      title: t('offsets.column.after'),
      hint: t('offsets.column.afterHint'),
      width: 92,
      mono: true,
      text: row => row.after?.toString() ?? '',
      cell: row => <After row={row} options={options} />,
    },
    {
      id: 'moved',
      title: t('offsets.column.moved'),
      hint: t('offsets.column.movedHint'),
      width: 96,
      align: 'end',
      text: row => (row.moved === null ? '' : `${row.moved.direction} ${row.moved.count}`),
      cell: row => (
        <Moved row={row} transactional={isTransactional(landingOf(options.landings, row))} />
      ),
    },
    {
      id: 'landing',
      title: t('offsets.column.landing'),
      hint: t('offsets.column.landingHint'),
      width: 240,
      grow: 12,
      text: row => landingText(options.landings, row),
      cell: row => <LandingCell row={row} landing={landingOf(options.landings, row)} />,
    },
    {
      id: 'notes',
      title: t('offsets.column.notes'),
      width: 104,
      grow: 1,
      text: row => row.problem?.message ?? row.notes.map(noteText).join('; '),
      cell: row => <Notes row={row} />,
    },
  ]
}

function landingOf(landings: ReadonlyMap<string, LandingRecord>, row: OffsetPlanRow) {
  if (row.after === null) return undefined
  return landings.get(landingName({ ...row, offset: row.after }))
}

function isTransactional(found: LandingRecord | undefined): boolean {
  return found?.landing.type === 'record' && found.landing.transactional
}

function landingText(landings: ReadonlyMap<string, LandingRecord>, row: OffsetPlanRow): string {
  const landing = landsOn(row) === 'record' ? landingOf(landings, row)?.landing : undefined
  if (landing?.type !== 'record') return ''
  return `${landing.timestampMs} ${landing.key.text} ${landing.value.text}`
}

function Now({ row }: { readonly row: OffsetPlanRow }) {
  if (row.now === null)
    return (
      <span className="faint" title={t('offsets.note.no-commit')}>
        {UNKNOWN}
      </span>
    )
  return <span title={rangeText(row)}>{row.now.toString()}</span>
}

function After({
  row,
  options: { editing, onEdit, onSet },
}: {
  readonly row: OffsetPlanRow
  readonly options: PlanColumnsOptions
}) {
  const key = keyOf(row)
  if (editing === key)
    return (
      <AfterField
        row={row}
        onSet={offset => {
          onEdit(null)
          onSet(row, offset)
        }}
        onCancel={() => onEdit(null)}
      />
    )
  const byHand = row.notes.includes('edited') || row.notes.includes('kept')
  const name = `${row.topic}-${row.partition}`
  return (
    <span className="lab-after">
      <span className="lab-arrow faint" aria-hidden>
        {row.action === 'none' ? '' : '→'}
      </span>
      <span className="lab-target" data-action={row.action} title={rangeText(row)}>
        {row.action === 'delete'
          ? t('offsets.deleted')
          : row.action === 'none'
            ? t('offsets.unchanged')
            : row.after?.toString()}
      </span>
      {row.problem === null && row.action !== 'delete' && (
        <button
          type="button"
          className="copy-button lab-edit"
          aria-label={t('offsets.edit', { name })}
          title={t('offsets.edit', { name })}
          tabIndex={-1}
          onClick={event => {
            event.stopPropagation()
            onEdit(key)
          }}
        >
          <Pencil size={12} aria-hidden />
        </button>
      )}
      {byHand && (
        <button
          type="button"
          className="copy-button"
          aria-label={t('offsets.unedit', { name })}
          title={t('offsets.unedit', { name })}
          tabIndex={-1}
          onClick={event => {
            event.stopPropagation()
            onSet(row, undefined)
          }}
        >
          <RotateCcw size={12} aria-hidden />
        </button>
      )}
    </span>
  )
}

interface MovedProps {
  readonly row: OffsetPlanRow
  /** Markers of transactions take offsets too. */
  readonly transactional: boolean
}

function Moved({ row: { moved }, transactional }: MovedProps) {
  if (moved === null) return null
  const { direction, count } = moved
  const estimate = moved.estimate || transactional
  return (
    <span
      className={direction === 'again' ? 'lab-again' : 'lab-skipped'}
      title={t(`offsets.moved.${direction}Hint`, { count: Number(count), exact: count.toString() })}
    >
      {estimate && '≈ '}
      {formatCount(count)} {t(`offsets.moved.${direction}`)}
    </span>
  )
}

function Notes({ row: { notes, problem } }: { readonly row: OffsetPlanRow }) {
  if (problem !== null)
    return (
      <span className="lab-notes">
        <span
          className="tag"
          data-tone="bad"
          title={`${problem.code}: ${sayProblem(problem).message}`}
        >
          {t('offsets.noteShort.kept')}
        </span>
      </span>
    )
  // What stands in the cells before is not said again.
  const said = notes.filter(note => note !== 'no-commit' && note !== 'same')
  return (
    <span className="lab-notes">
      {said.map(note => (
        <Tooltip key={note} label={noteText(note)} multiline maw={320}>
          <span className="tag" data-tone={isWarning(note) ? 'warn' : undefined}>
            {t(`offsets.noteShort.${note}`)}
          </span>
        </Tooltip>
      ))}
    </span>
  )
}

function noteText(note: OffsetNote): string {
  return t(`offsets.note.${note}`)
}

function rangeText({ logStartOffset, highWatermark, asked, after }: OffsetPlanRow): string {
  const log =
    logStartOffset === null || highWatermark === null
      ? ''
      : t('offsets.range', { start: logStartOffset.toString(), end: highWatermark.toString() })
  return asked !== null && asked !== after
    ? `${t('offsets.asked', { offset: asked.toString() })}\n${log}`
    : log
}
