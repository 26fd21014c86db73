/** What became of a change: what was asked for, beside what the coordinator says now. */
import { useMemo, useState } from 'react'
import type { AppliedOffsets, AppliedRow } from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { PlaceName } from './place-name.tsx'
import { keyOf } from './offset-rows.ts'

interface AppliedViewProps {
  readonly applied: AppliedOffsets
  readonly onUndo: () => void
  readonly onClose: () => void
}

export function AppliedView({ applied, onUndo, onClose }: AppliedViewProps) {
  const [active, setActive] = useState<string | null>(null)
  const columns = useMemo(() => appliedColumns(), [])
  const rows = useMemo(() => {
    // What went wrong comes first.
    const ordered = [...applied.rows].sort((a, b) => Number(a.done) - Number(b.done))
    return new ArrayRows(ordered, keyOf)
  }, [applied])
  const { doneCount, failedCount } = applied
  return (
    <section className="lab-grid" aria-label={t('offsets.applied.title')}>
      <div className="notice" data-tone={failedCount === 0 ? 'good' : 'bad'} role="status">
        <span>
          {failedCount === 0
            ? t('offsets.applied.all', { count: doneCount, formatted: formatCount(doneCount) })
            : t('offsets.applied.some', {
                count: failedCount,
                formatted: formatCount(failedCount),
                all: formatCount(doneCount + failedCount),
              })}
        </span>
        <span className="spacer" />
        <Button onClick={onUndo} title={t('offsets.applied.undoHint')}>
          {t('offsets.applied.undo')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t('offsets.applied.close')}
        </Button>
      </div>
      <div className="page-body">
        <DataTable
          id="offset-applied"
          label={t('offsets.applied.title')}
          columns={columns}
          rows={rows}
          active={active}
          onActive={setActive}
          isMain
        />
      </div>
    </section>
  )
}

function appliedColumns(): readonly Column<AppliedRow>[] {
  const offset = (value: bigint | null) => value?.toString() ?? ''
  return [
    {
      id: 'partition',
      title: t('offsets.column.partition'),
      width: 180,
      grow: 1,
      text: row => `${row.topic}-${row.partition}`,
      cell: row => (
        <span className="clip" title={`${row.topic}-${row.partition}`}>
          <PlaceName row={row} />
        </span>
      ),
    },
    {
      id: 'before',
      title: t('offsets.column.before'),
      width: 110,
      align: 'end',
      mono: true,
      text: row => offset(row.before),
      cell: row => <span className="quiet">{offset(row.before) || UNKNOWN}</span>,
    },
    {
      id: 'asked',
      title: t('offsets.column.asked'),
      width: 110,
      align: 'end',
      mono: true,
      text: row => offset(row.asked),
      cell: row => (row.asked === null ? t('offsets.deleted') : offset(row.asked)),
    },
    {
      id: 'read-back',
      title: t('offsets.column.readBack'),
      hint: t('offsets.column.readBackHint'),
      width: 130,
      align: 'end',
      mono: true,
      text: row => offset(row.readBack),
      cell: row => <strong>{offset(row.readBack) || UNKNOWN}</strong>,
    },
    {
      id: 'result',
      title: t('offsets.column.result'),
      width: 240,
      grow: 3,
      text: row => (row.done ? 'done' : (row.problem?.message ?? 'not as asked')),
      cell: row => <Result row={row} />,
    },
  ]
}

function Result({ row: { done, problem: failure } }: { readonly row: AppliedRow }) {
  const problem = failure === null ? null : sayProblem(failure)
  if (done) return <span className="good">● {t('offsets.applied.asAsked')}</span>
  return (
    <span className="bad" title={problem?.remedy}>
      ✕ {problem?.message ?? t('offsets.applied.otherwise')}
    </span>
  )
}
