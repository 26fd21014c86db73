/** All topics of a cluster. */
import { getRouteApi } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
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
import { BulkActs, type AskedAct } from './bulk-acts.tsx'
import { BulkBar, type BulkAct } from './bulk-bar.tsx'
import { CreateTopic } from './create-topic.tsx'
import { TopicActDialog } from './topic-act-view.tsx'
import { topicColumns } from './topic-columns.tsx'
import { TopicList } from './topic-list.ts'
import { needsFigures, sortTopics, TopicRows, type FiguresByName } from './topic-row.ts'
import { TOPIC_COLUMNS, type TopicsSearch } from './topics-search.ts'
import './topics.css'

const route = getRouteApi('/$cluster/topics')
const NO_FIGURES: FiguresByName = new Map()

export function TopicsPage() {
  const client = useClient()
  const cluster = useCluster()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useHeld(() => new TopicList(client, cluster.id), cluster.id)
  const { value, problem } = useStore(list.names)
  const figures = useStore(list.figures)
  const [active, setActive] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<AskedAct | null>(null)
  const field = useRef<HTMLInputElement>(null)

  const change = useCallback(
    (next: Partial<TopicsSearch>, replace = true) =>
      void navigate({ search: before => ({ ...before, ...next }), replace }),
    [navigate],
  )
  const sortText = search.sort ?? 'name'
  const filter = useMemo(() => nameFilter(search.q ?? ''), [search.q])
  // Ten thousand names are put in order again only when the order can have changed.
  const orderedBy = needsFigures(sortText.replace('-', '')) ? figures.byName : NO_FIGURES
  const shown = useMemo(() => {
    const sort = readSort(sortText, TOPIC_COLUMNS) ?? { column: 'name', direction: 'ascending' }
    const fitting = (value ?? [])
      .filter(topic => search.internal === '1' || !topic.internal)
      .filter(topic => filter.type !== 'test' || filter.test(topic.name))
    return sortTopics(fitting, orderedBy, sort)
  }, [value, orderedBy, filter, search.internal, sortText])
  const rows = useMemo(() => new TopicRows(shown, figures.byName), [shown, figures.byName])
  const columns = useMemo(() => topicColumns(cluster.id), [cluster.id])

  useEffect(
    () =>
      list.figures.arrange(
        shown.map(topic => topic.name),
        orderedBy !== NO_FIGURES,
      ),
    [list, shown, orderedBy],
  )

  const openTopic = (topic: string) =>
    void navigate({ to: '/$cluster/topics/$topic', params: { cluster: cluster.id, topic } })
  // Chosen topics that are gone meanwhile, or out of the filter's sight, are not acted on.
  const inSight = useMemo(() => chosenIn(shown, chosen), [shown, chosen])
  const meant = inSight.length > 0 ? inSight : active === null ? [] : [active]
  const ask = (act: BulkAct) => setAsked({ act, topics: meant })
  const clone = (topic: string) => change({ create: '1', like: topic }, false)
  useCommands([
    {
      id: 'topic-create',
      title: t('topics.create'),
      shortcut: 'n',
      group: 'page',
      run: () => change({ create: '1' }, false),
    },
    {
      id: 'topics-internal',
      title: t('topics.showInternal'),
      shortcut: 'i',
      group: 'page',
      run: () => change({ internal: search.internal === '1' ? undefined : '1' }),
    },
    ...(meant.length === 0
      ? []
      : BULK_ACTS.map(act => ({
          id: `topics-${act}`,
          title: t(`topics.${act}`, { count: meant.length }),
          group: 'page' as const,
          run: () => ask(act),
        }))),
    ...(meant.length === 1
      ? [
          {
            id: 'topics-clone',
            title: t('topics.clone', { topic: meant[0] }),
            group: 'page' as const,
            run: () => clone(meant[0]!),
          },
        ]
      : []),
  ])

  const what = t('topics.reading')
  if (value === null)
    return problem === null ? (
      <Loading what={t('topics.waiting')} />
    ) : (
      <Failure what={what} problem={problem} onRetry={list.names.refresh} />
    )
  const internalCount = value.filter(topic => topic.internal).length
  const hiddenCount = value.length - shown.length
  const readOnly = cluster.readOnly ? t('readOnly') : null
  return (
    <div className="page">
      <div className="toolbar">
        <h1 className="page-title">{t('navigation.topics')}</h1>
        <span className="faint" aria-live="polite">
          {t('topics.count', { count: shown.length, formatted: formatCount(shown.length) })}
          {hiddenCount > 0 && ` · ${t('topics.hidden', { formatted: formatCount(hiddenCount) })}`}
        </span>
        <span className="spacer" />
        <FilterField
          field={field}
          value={search.q ?? ''}
          onChange={q => change({ q: q === '' ? undefined : q })}
          placeholder={t('topics.filter')}
          problem={filter.type === 'wrong' ? filter.reason : null}
        />
        <label className="switch">
          <input
            type="checkbox"
            checked={search.internal === '1'}
            onChange={event => change({ internal: event.currentTarget.checked ? '1' : undefined })}
          />
          {t('topics.internalSwitch', { count: internalCount })}
        </label>
        <Button
          kind="primary"
          icon={<Plus size={14} aria-hidden />}
          whyNot={readOnly}
          onClick={() => change({ create: '1' }, false)}
        >
          {t('topics.create')}
        </Button>
      </div>
      {problem !== null && (
        <FailureNotice what={what} problem={problem} onRetry={list.names.refresh} />
      )}
      {figures.problem !== null && (
        <FailureNotice
          what={t('topics.readingFigures')}
          problem={figures.problem}
          onRetry={list.figures.refresh}
        />
      )}
      <div className="page-body">
        <DataTable
          id="topics"
          label={t('navigation.topics')}
          columns={columns}
          rows={rows}
          sort={readSort(sortText, TOPIC_COLUMNS)}
          onSort={sort => change({ sort: writeSort(sort) })}
          active={active}
          onActive={setActive}
          onOpen={openTopic}
          chosen={chosen}
          onChoose={setChosen}
          onFilter={() => field.current?.focus()}
          onVisible={list.figures.show}
          isMain
        >
          {value.length > internalCount || search.q !== undefined ? (
            <Empty sentence={t('topics.noneFits')}>
              <Button onClick={() => change({ q: undefined })}>{t('filter.clear')}</Button>
            </Empty>
          ) : (
            <Empty
              sentence={t('topics.none')}
              command={`echo 'hello' | kcat -b ${cluster.bootstrap.split(',')[0]} -P -t hello`}
            >
              <Button onClick={() => change({ create: '1' })}>{t('topics.create')}</Button>
            </Empty>
          )}
        </DataTable>
      </div>
      {inSight.length > 0 && (
        <BulkBar
          chosen={inSight}
          onAct={ask}
          onClone={clone}
          shownCount={shown.length}
          onAll={() => setChosen(new Set(shown.map(topic => topic.name)))}
          onNone={() => setChosen(new Set())}
          whyNot={readOnly}
        />
      )}
      <CreateTopic
        opened={search.create === '1'}
        taken={value.map(topic => topic.name)}
        like={search.like ?? null}
        onClose={() => change({ create: undefined, like: undefined })}
        onCreated={openTopic}
      />
      <TopicActDialog jobId={search.act ?? null} onClose={() => change({ act: undefined })} />
      <BulkActs
        asked={asked}
        onClose={() => setAsked(null)}
        onDeleted={names => {
          const gone = new Set(names)
          setChosen(before => new Set([...before].filter(name => !gone.has(name))))
          list.names.refresh()
        }}
        onChanged={list.figures.refresh}
      />
    </div>
  )
}

const BULK_ACTS = ['configure', 'purge', 'delete'] as const satisfies readonly BulkAct[]

function chosenIn(
  shown: readonly { readonly name: string }[],
  chosen: ReadonlySet<string>,
): readonly string[] {
  if (chosen.size === 0) return []
  return shown.filter(({ name }) => chosen.has(name)).map(({ name }) => name)
}
