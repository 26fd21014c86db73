/** The records of a topic: what is shown and looked for, the table, and one record beside it. */
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { SearchProgress } from '../../../src-main/contract/model/search.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Failure, Loading } from '../../ui/state/states.tsx'
import { BrowsePane } from './browse-pane.tsx'
import { AddColumnDialog, ColumnActs } from './table/column-acts.tsx'
import { ExportDialog } from './export/export-dialog.tsx'
import { useExports } from './export/use-exports.ts'
import { FilterBar, useFilterDraft } from './filter/filter-bar.tsx'
import { FilterChips } from './filter/filter-chips.tsx'
import { draftOf, draftOfCondition, withoutChip } from './filter/filter-draft.ts'
import { FilterHistory } from './filter/filter-history.ts'
import { GroupNote } from './group-note.tsx'
import { HistogramPanel } from './histogram/histogram-panel.tsx'
import { MoreMenu } from './more-menu.tsx'
import { usePageCommands } from './page-commands.ts'
import type { PaneHandle, PaneProps } from './pane.ts'
import { isSearch, queryKey, queryOf, type MessagesSearch } from './query/address.ts'
import { NO_FILTER, type PageFilter } from './query/filter-text.ts'
import { RecordAside } from './record-aside.tsx'
import { SearchPane } from './search-pane.tsx'
import { isOver } from './search/scan-text.ts'
import { ResultTabs } from './search/result-tabs.tsx'
import { useSearches } from './search/use-searches.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useCursor } from './table/use-cursor.ts'
import { useNarrow } from './table/use-narrow.ts'
import { useTableSettings } from './table/use-table-settings.ts'
import { MessagesToolbar } from './toolbar/messages-toolbar.tsx'
import { useQueryChange } from './use-query-change.ts'
import './messages.css'

const route = getRouteApi('/$cluster/topics/$topic/')

export function MessagesPage() {
  const cluster = useCluster()
  const { topic } = route.useParams()
  // Another topic is another page: nothing that was chosen or typed belongs to it.
  return <TopicMessages key={`${cluster.id}|${topic}`} topic={topic} />
}

function TopicMessages({ topic }: { readonly topic: string }) {
  const cluster = useCluster()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = useCallback(
    (next: Partial<MessagesSearch>, replace = false) =>
      // A link from the list of jobs has done its work once it was read.
      void navigate({ search: before => ({ ...before, search: undefined, ...next }), replace }),
    [navigate],
  )
  const queryText = queryKey(queryOf(search))
  // The same question keeps its identity while the rest of the address changes.
  const query = useMemo(() => queryOf(JSON.parse(queryText) as MessagesSearch), [queryText])
  const { reads, onQuery, onFilter, readAgain } = useQueryChange(query, search, change)
  const [history] = useState(() => new FilterHistory(localStorage))
  const { draft, setDraft } = useFilterDraft(query.filter)
  const filterField = useRef<HTMLInputElement>(null)
  const pane = useRef<PaneHandle>(null)
  const cursor = useCursor(search.at, change)
  const [chosen, setChosen] = useChosen(queryText)
  const [adding, setAdding] = useState(false)
  const [paused, setPaused] = useState(false)
  const [progress, setProgress] = useState<SearchProgress | null>(null)
  const main = useRef<HTMLDivElement>(null)
  const narrow = useNarrow(main)
  const table = useTableSettings(search, change)
  const searching = isSearch(query)
  const searches = useSearches({ topic, query, search, reads, change, look: table.look })

  const running = searching && progress !== null && !isOver(progress)
  const stop = () => {
    if (!running) return false
    pane.current?.stop()
    return true
  }
  const run = (filter: PageFilter) => {
    history.add(filter)
    onFilter(filter)
  }
  const focusFilter = () => filterField.current?.focus()
  const exports = useExports({ topic, query, chosen, searchId: searching ? search.run : undefined })
  const { toggleLive } = usePageCommands({
    query,
    paused,
    onPause: setPaused,
    onQuery,
    readAgain,
    focusFilter,
    onExport: () => exports.open(false),
    stop,
  })
  const moves = useMemo(
    () => ({
      previous: () => pane.current?.step(-1),
      next: () => pane.current?.step(1),
    }),
    [],
  )
  const loaded = useCallback(() => pane.current?.loaded() ?? [], [])
  const resume = (next: boolean) => {
    setPaused(next)
    if (!next) pane.current?.takeNew()
  }
  const props: PaneProps = {
    topic,
    query,
    search,
    reads,
    look: table.look,
    fields: table.fields,
    onRemoveField: table.removeField,
    layout: table.layout,
    cursor,
    chosen,
    onChoose: setChosen,
    onFilter: focusFilter,
    paused,
    narrow,
    onQuery,
    change,
    handle: pane,
    columnActs: <ColumnActs onAdd={() => setAdding(true)} />,
  }
  return (
    <div className="messages">
      <div className="messages-main" ref={main} data-narrow={narrow || undefined}>
        <MessagesToolbar
          topic={topic}
          query={query}
          onChange={onQuery}
          running={running && query.until.type !== 'never'}
          onRun={readAgain}
          onStop={stop}
          onLive={toggleLive}
          paused={paused}
          onPause={resume}
          filter={
            <FilterBar
              field={filterField}
              filter={query.filter}
              draft={draft}
              onDraft={setDraft}
              history={history}
              loaded={loaded}
              problem={searching ? (searches.problem?.message ?? null) : null}
              onRun={run}
              onStop={stop}
            />
          }
          more={
            <MoreMenu
              topic={topic}
              query={query}
              search={search}
              table={table}
              onFilter={run}
              onExport={() => exports.open(false)}
            />
          }
        />
        <FilterChips
          filter={query.filter}
          kind={draft.kind}
          edited={draft.replaces}
          keyPartitions={progress?.keyPartitions ?? null}
          onFilter={run}
          onEdit={chip => {
            if (chip.type === 'kind') setDraft(draftOf(query.filter, chip.kind))
            else if (chip.type === 'condition') setDraft(draftOfCondition(query.filter, chip.index))
            else run(withoutChip(query.filter, chip))
            focusFilter()
          }}
        />
        <ResultTabs
          searches={searches.shown}
          progress={progress}
          current={searching ? (search.run ?? '') : null}
          onRecords={() => onFilter(NO_FILTER)}
          onSearch={searches.open}
          onPin={searches.pin}
          onRunAgain={readAgain}
          onClose={searches.close}
        />
        <HistogramPanel query={query} topic={topic} reads={reads} onChange={onQuery} />
        <GroupNote query={query} topic={topic} reads={reads} onQuery={onQuery} />
        <SelectionBar
          count={chosen.size}
          cluster={cluster.id}
          topic={topic}
          chosen={chosen}
          change={change}
          onExport={() => exports.open(true)}
          onClear={() => setChosen(NOTHING)}
        />
        {!searching ? (
          <BrowsePane {...props} />
        ) : search.run !== undefined ? (
          <SearchPane
            key={search.run}
            {...props}
            searchId={search.run}
            onProgress={setProgress}
            onRunAgain={readAgain}
          />
        ) : searches.problem !== null ? (
          <Failure what={t('results.starting')} problem={searches.problem} onRetry={readAgain} />
        ) : (
          <Loading what={t('results.waiting')} />
        )}
      </div>
      <RecordAside
        topic={topic}
        cursor={cursor}
        chosen={chosen}
        search={search}
        change={change}
        filter={query.filter}
        onFilter={run}
        onColumn={table.addField}
        moves={moves}
      />
      <AddColumnDialog
        opened={adding}
        onClose={() => setAdding(false)}
        loaded={loaded}
        settings={table}
      />
      <ExportDialog
        scopes={exports.scopes}
        decoders={table.look.decoders}
        onClose={exports.close}
      />
    </div>
  )
}

/** Rows that were chosen belong to the query that showed them. */
function useChosen(owner: string) {
  const [held, setHeld] = useState({ owner, keys: NOTHING })
  const keys = held.owner === owner ? held.keys : NOTHING
  const choose = useCallback((keys: ReadonlySet<string>) => setHeld({ owner, keys }), [owner])
  return [keys, choose] as const
}

const NOTHING: ReadonlySet<string> = new Set()
