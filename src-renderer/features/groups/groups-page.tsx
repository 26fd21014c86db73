/** All consumer groups of a cluster. */
import { getRouteApi } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { formatCount } from '../../ui/format/number.ts'
import { nameFilter } from '../../ui/name-filter.ts'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { readSort, writeSort } from '../../ui/table/sort-search.ts'
import { groupColumns } from './group-columns.tsx'
import {
  GroupList,
  GroupRows,
  needsFigures,
  sortGroups,
  type GroupFiguresByName,
} from './group-list.ts'
import { GROUP_COLUMNS, readStates, type GroupsSearch } from './groups-search.ts'
import { StateFilter } from './state-filter.tsx'
import './groups.css'

const route = getRouteApi('/$cluster/groups')
const NO_FIGURES: GroupFiguresByName = new Map()

export function GroupsPage() {
  const client = useClient()
  const cluster = useCluster()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useHeld(() => new GroupList(client, cluster.id), cluster.id)
  const { value, problem } = useStore(list.names)
  const figures = useStore(list.figures)
  const [active, setActive] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const sortText = search.sort ?? 'group'
  const filter = useMemo(() => nameFilter(search.q ?? ''), [search.q])
  const states = useMemo(() => readStates(search.state), [search.state])
  // Fifteen thousand names are put in order again only when the order can have changed, and what
  // comes in while all figures are fetched waits until the page has time.
  const ordersByFigures = needsFigures(sortText.replace('-', ''))
  const orderedBy = useDeferredValue(ordersByFigures ? figures.byName : NO_FIGURES)
  const shown = useMemo(() => {
    const sort = readSort(sortText, GROUP_COLUMNS) ?? { column: 'group', direction: 'ascending' }
    const fitting = (value ?? []).filter(
      ({ groupId, state }) =>
        (states.size === 0 || states.has(state)) &&
        (filter.type !== 'test' || filter.test(groupId)),
    )
    return sortGroups(fitting, orderedBy, sort)
  }, [value, orderedBy, filter, states, sortText])
  const rows = useMemo(() => new GroupRows(shown, figures.byName), [shown, figures.byName])
  const columns = useMemo(() => groupColumns(cluster.id), [cluster.id])

  useEffect(
    () =>
      list.figures.arrange(
        shown.map(({ groupId }) => groupId),
        ordersByFigures,
      ),
    [list, shown, ordersByFigures],
  )

  const change = (next: Partial<GroupsSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const createGroup = () =>
    void navigate({ to: '/$cluster/create-group', params: { cluster: cluster.id } })
  useCommands([
    {
      id: 'group-create',
      title: t('offsets.create.title'),
      shortcut: 'n',
      group: 'page',
      run: createGroup,
    },
  ])
  if (value === null)
    return problem === null ? (
      <Loading what={t('groups.waiting')} />
    ) : (
      <Failure what={t('groups.reading')} problem={problem} onRetry={list.names.refresh} />
    )
  const hidden = value.length - shown.length
  const known = ordersByFigures
    ? shown.reduce((sum, { groupId }) => sum + (figures.byName.has(groupId) ? 1 : 0), 0)
    : shown.length
  const narrowed = search.q !== undefined || states.size > 0
  return (
    <div className="page">
      <div className="toolbar">
        <h1 className="page-title">{t('navigation.groups')}</h1>
        <span className="faint" aria-live="polite">
          {t('groups.count', { count: shown.length, formatted: formatCount(shown.length) })}
          {hidden > 0 && ` · ${t('topics.hidden', { formatted: formatCount(hidden) })}`}
        </span>
        {known < shown.length && (
          <span className="faint" role="status" title={t('groups.sortedOverHint')}>
            {t('groups.sortedOver', {
              known: formatCount(known),
              all: formatCount(shown.length),
            })}
          </span>
        )}
        <span className="spacer" />
        <StateFilter
          groups={value}
          states={states}
          onChange={next => change({ state: next.size === 0 ? undefined : [...next].join(',') })}
        />
        <FilterField
          field={field}
          value={search.q ?? ''}
          onChange={q => change({ q: q === '' ? undefined : q })}
          placeholder={t('groups.filter')}
          problem={filter.type === 'wrong' ? filter.reason : null}
        />
        <Button
          icon={<Plus size={14} aria-hidden />}
          whyNot={cluster.readOnly ? t('readOnly') : null}
          onClick={createGroup}
        >
          {t('offsets.create.open')}
        </Button>
      </div>
      {problem !== null && (
        <FailureNotice what={t('groups.reading')} problem={problem} onRetry={list.names.refresh} />
      )}
      {figures.problem !== null && (
        <FailureNotice
          what={t('groups.readingFigures')}
          problem={figures.problem}
          onRetry={list.figures.refresh}
        />
      )}
      <div className="page-body">
        <DataTable
          id="groups"
          label={t('navigation.groups')}
          columns={columns}
          rows={rows}
          sort={readSort(sortText, GROUP_COLUMNS)}
          onSort={sort => change({ sort: writeSort(sort) })}
          active={active}
          onActive={setActive}
          onOpen={group =>
            void navigate({ to: '/$cluster/groups/$group', params: { cluster: cluster.id, group } })
          }
          onFilter={() => field.current?.focus()}
          onVisible={list.figures.show}
          isMain
        >
          {!narrowed ? (
            <Empty
              sentence={t('groups.none')}
              command={`kcat -b ${cluster.bootstrap.split(',')[0]} -G my-group my-topic`}
            />
          ) : (
            <Empty sentence={t('groups.noneFits')}>
              <Button onClick={() => change({ q: undefined, state: undefined })}>
                {t('filter.clear')}
              </Button>
            </Empty>
          )}
        </DataTable>
      </div>
    </div>
  )
}
