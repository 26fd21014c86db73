import { useMemo, useRef } from 'react'
import type { GroupMember, GroupPartition } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { nameFilter } from '../../ui/name-filter.ts'
import { Empty } from '../../ui/state/states.tsx'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort } from '../../ui/table/sort-search.ts'
import { groupPartitionColumns, heldValue, type HeldPartition } from './group-partition-columns.tsx'
import { GROUP_PARTITION_COLUMNS, type GroupSearch } from './groups-search.ts'

interface GroupPartitionsProps {
  readonly cluster: string
  readonly groupId: string
  readonly type: string | null
  readonly partitions: readonly GroupPartition[]
  readonly members: readonly GroupMember[]
  readonly search: GroupSearch
  readonly change: (next: Partial<GroupSearch>) => void
  readonly active: string | null
  readonly onActive: (key: string | null) => void
  readonly onOpen: (partition: GroupPartition) => void
}

export function GroupPartitions(props: GroupPartitionsProps) {
  const { cluster, groupId, type, partitions, members, search, change } = props
  const field = useRef<HTMLInputElement>(null)
  const sortText = search.sort ?? 'partition'
  const filter = useMemo(() => nameFilter(search.q ?? ''), [search.q])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, GROUP_PARTITION_COLUMNS) ?? {
      column: 'partition',
      direction: 'ascending',
    }
    const held = partitions
      .filter(({ lag }) => search.lagging !== '1' || (lag !== null && lag > 0n))
      .map((partition): HeldPartition => {
        const memberPlace = members.findIndex(({ memberId }) => memberId === partition.memberId)
        return { partition, memberPlace, member: members[memberPlace] ?? null }
      })
      .filter(
        ({ partition, member }) =>
          filter.type !== 'test' ||
          filter.test(
            `${partition.topic} ${member?.clientId} ${member?.memberId} ${partition.sharedBy.join(' ')}`,
          ),
      )
      .sort((a, b) => compare(heldValue(a, column), heldValue(b, column), direction))
    return new ArrayRows(held, ({ partition }) => `${partition.topic}/${partition.partition}`)
  }, [partitions, members, search.lagging, filter, sortText])
  const largest = useMemo(
    () => partitions.reduce((most, { lag }) => (lag !== null && lag > most ? lag : most), 0n),
    [partitions],
  )
  const columns = useMemo(
    () => groupPartitionColumns(cluster, groupId, largest, type === 'share'),
    [cluster, groupId, largest, type],
  )
  const narrowed = search.q !== undefined || search.lagging === '1'
  return (
    <div className="page">
      <div className="toolbar">
        <span className="faint">
          {t('group.count', { count: rows.count, all: partitions.length })}
        </span>
        <span className="spacer" />
        <FilterField
          field={field}
          value={search.q ?? ''}
          onChange={q => change({ q: q === '' ? undefined : q })}
          placeholder={t('group.filter')}
          problem={filter.type === 'wrong' ? filter.reason : null}
        />
        <label className="switch">
          <input
            type="checkbox"
            checked={search.lagging === '1'}
            onChange={event => change({ lagging: event.currentTarget.checked ? '1' : undefined })}
          />
          {t('group.onlyLagging')}
        </label>
      </div>
      <div className="page-body">
        <DataTable
          id="group-partitions"
          label={t('group.tab.partitions')}
          columns={columns}
          rows={rows}
          sort={readSort(sortText, GROUP_PARTITION_COLUMNS)}
          onSort={sort => change({ sort: writeSort(sort) })}
          active={props.active}
          onActive={props.onActive}
          onOpen={key => {
            const row = rows.at(rows.indexOf(key))
            if (row !== undefined) props.onOpen(row.partition)
          }}
          onFilter={() => field.current?.focus()}
          isMain
        >
          {narrowed ? (
            <Empty sentence={search.lagging === '1' ? t('group.nothingLags') : t('group.noneFits')}>
              <Button onClick={() => change({ q: undefined, lagging: undefined })}>
                {t('filter.clear')}
              </Button>
            </Empty>
          ) : (
            <Empty sentence={t('group.noPartitions')} />
          )}
        </DataTable>
      </div>
    </div>
  )
}
