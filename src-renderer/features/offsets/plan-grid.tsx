import { useEffect, useMemo, useRef, useState } from 'react'
import type { OffsetPlanRow } from '../../../src-main/contract/model/offset.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { formatCount } from '../../ui/format/number.ts'
import { nameFilter } from '../../ui/name-filter.ts'
import { Empty, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { landingNames, landingRecords } from './landing-records.ts'
import { keyOf } from './offset-rows.ts'
import type { OffsetsSearch } from './offsets-search.ts'
import { planColumns } from './plan-columns.tsx'

interface PlanGridProps {
  readonly rows: readonly OffsetPlanRow[]
  readonly search: OffsetsSearch
  readonly change: (next: Partial<OffsetsSearch>) => void
  readonly onSet: (row: OffsetPlanRow, offset: bigint | null | undefined) => void
  /** Why there are no rows, in words; null while they are still asked for. */
  readonly nothing: string | null
}

export function PlanGrid({ rows: all, search, change, onSet, nothing }: PlanGridProps) {
  const client = useClient()
  const cluster = useCluster().id
  const landings = useHeld(() => landingRecords(client, cluster), cluster)
  const { byName } = useStore(landings)
  const [active, setActive] = useState<string | null>(null)
  const [editing, setEditing] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)

  const filter = useMemo(() => nameFilter(search.q ?? ''), [search.q])
  const shown = useMemo(
    () =>
      all
        .filter(row => search.changes !== '1' || row.action !== 'none' || row.problem !== null)
        .filter(row => filter.type !== 'test' || filter.test(`${row.topic}-${row.partition}`)),
    [all, filter, search.changes],
  )
  const rows = useMemo(() => new ArrayRows(shown, keyOf), [shown])
  useEffect(() => landings.arrange(landingNames(shown), false), [landings, shown])

  const columns = useMemo(
    () => planColumns({ cluster, landings: byName, editing, onEdit: setEditing, onSet }),
    [cluster, byName, editing, onSet],
  )
  const narrowed = search.q !== undefined || search.changes === '1'
  return (
    <section className="lab-grid" aria-label={t('offsets.grid')}>
      <div className="toolbar">
        <span className="faint">
          {t('offsets.count', {
            count: all.length,
            formatted: formatCount(all.length),
            shown: formatCount(shown.length),
          })}
        </span>
        <span className="spacer" />
        <label className="switch">
          <input
            type="checkbox"
            checked={search.changes === '1'}
            onChange={event => change({ changes: event.currentTarget.checked ? '1' : undefined })}
          />
          {t('offsets.onlyChanges')}
        </label>
        <FilterField
          field={field}
          value={search.q ?? ''}
          onChange={q => change({ q: q === '' ? undefined : q })}
          placeholder={t('offsets.filter')}
          problem={filter.type === 'wrong' ? filter.reason : null}
        />
      </div>
      <div className="page-body">
        <DataTable
          id="offset-plan"
          label={t('offsets.grid')}
          columns={columns}
          rows={rows}
          active={active}
          onActive={setActive}
          onOpen={key => {
            const row = rows.at(rows.indexOf(key))
            if (row?.problem === null && row.action !== 'delete') setEditing(key)
          }}
          onFilter={() => field.current?.focus()}
          onVisible={landings.show}
          isMain
        >
          {narrowed && all.length > 0 ? (
            <Empty sentence={t('offsets.noneFits')}>
              <Button onClick={() => change({ q: undefined, changes: undefined })}>
                {t('filter.clear')}
              </Button>
            </Empty>
          ) : nothing === null ? (
            <Loading what={t('offsets.waitingPlan')} />
          ) : (
            <Empty sentence={nothing} />
          )}
        </DataTable>
      </div>
    </section>
  )
}
