/** The records of a topic: a toolbar in one line, the table, and the selected record beside it. */
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import {
  useClient,
  useCluster,
  useConnectionState,
  useHeld,
} from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { useCommands } from '../../ui/commands.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Empty, Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { useLatest } from '../../ui/use-latest.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { Inspector } from './inspector.tsx'
import { MessagesToolbar } from './messages-toolbar.tsx'
import {
  readFrom,
  readPartitions,
  readPlace,
  readUntil,
  type MessagesSearch,
} from './messages-search.ts'
import { recordColumns } from './record-columns.tsx'
import { RecordDetails } from './record-details.ts'
import { RecordView } from './record-view.ts'
import './messages.css'

const route = getRouteApi('/$cluster/topics/$topic/')
/** The address follows the cursor, but not every step of a held arrow key. */
const ADDRESS_DELAY_MS = 120

export function MessagesPage() {
  const client = useClient()
  const cluster = useCluster()
  const { topic } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const zone = useZone()
  const [reads, setReads] = useState(0)
  const from = useMemo(() => readFrom(search.from), [search.from])
  const until = useMemo(() => readUntil(search.until), [search.until])
  const partitions = useMemo(() => readPartitions(search.p), [search.p])
  const live = search.live === '1' && until.type === 'now'

  const viewKey = [cluster.id, topic, search.from, search.until, search.p, reads].join('|')
  const view = useHeld(
    () =>
      new RecordView({
        client,
        cluster: cluster.id,
        topic,
        partitions,
        from,
        until,
        at: readPlace(search.at),
      }),
    viewKey,
  )
  const details = useHeld(
    () => new RecordDetails(client, cluster.id, topic),
    `${cluster.id}|${topic}`,
  )
  const state = useStore(view)
  const change = useCallback(
    (next: Partial<MessagesSearch>, replace = false) =>
      void navigate({ search: before => ({ ...before, ...next }), replace }),
    [navigate],
  )
  const { active, select } = useSelection(search.at, view, details, change)
  const { onVisible, paused, setPaused, following, connected } = useFollowing(
    view,
    state,
    live,
    active,
  )
  const columns = useMemo(() => recordColumns(zone), [zone])

  const readAgain = () => setReads(count => count + 1)
  useCommands([
    {
      id: 'messages-read',
      title: t('messages.readAgain'),
      shortcut: 'r',
      group: 'page',
      run: readAgain,
    },
    {
      id: 'messages-live',
      title: live ? t('messages.stopLive') : t('messages.startLive'),
      shortcut: 'l',
      group: 'page',
      run: () =>
        change(live ? { live: undefined } : { live: '1', from: undefined, until: undefined }),
    },
    ...(live
      ? [
          {
            id: 'messages-pause',
            title: paused ? t('messages.resume') : t('messages.pause'),
            shortcut: 'p',
            group: 'page' as const,
            run: () => setPaused(!paused),
          },
        ]
      : []),
    {
      id: 'messages-newest',
      title: t('messages.goNewest'),
      shortcut: 'g e',
      group: 'page',
      run: () => change({ from: undefined, until: undefined }),
    },
    {
      id: 'messages-oldest',
      title: t('messages.goOldest'),
      shortcut: 'g s',
      group: 'page',
      run: () => change({ from: 'oldest', until: undefined }),
    },
  ])

  const what = t('messages.reading', { topic })
  if (!state.opened && state.problem !== null) {
    if (isGone(state.problem))
      return (
        <Gone sentence={t('messages.gone', { topic })}>
          <route.Link to="/$cluster/topics" params={{ cluster: cluster.id }} className="button">
            {t('messages.toTopics')}
          </route.Link>
        </Gone>
      )
    return <Failure what={what} problem={state.problem} onRetry={view.retry} />
  }
  const takeNew = () => {
    setPaused(false)
    select(null)
    view.takeNew()
  }
  return (
    <div className="messages">
      <div className="messages-main">
        <MessagesToolbar
          topic={topic}
          from={from}
          until={until}
          partitions={partitions}
          live={live}
          paused={paused}
          following={following}
          connected={connected}
          state={state}
          change={change}
          onReadAgain={readAgain}
          onPause={setPaused}
        />
        {state.problem !== null && (
          <FailureNotice what={what} problem={state.problem} onRetry={view.retry} />
        )}
        {state.partitionProblems.map(({ partition, problem }) => (
          <FailureNotice
            key={partition}
            what={t('messages.readingPartition', { partition })}
            problem={problem}
            onRetry={view.retry}
          />
        ))}
        <div className="messages-table">
          {live && state.newCount > 0n && !following && (
            <button type="button" className="pill" data-at={state.order} onClick={takeNew}>
              {t('messages.new', {
                count: Number(state.newCount),
                formatted: formatCount(state.newCount),
              })}
              {state.order === 'newest-first' ? ' ↑' : ' ↓'}
            </button>
          )}
          <DataTable
            id="messages"
            label={t('messages.label', { topic })}
            columns={columns}
            rows={state.rows}
            active={active}
            onActive={select}
            onVisible={onVisible}
            show={state.beginAt}
            isMain
          >
            {state.opened ? (
              <Empty
                sentence={live ? t('messages.emptyLive') : t('messages.empty')}
                command={`kcat -b ${cluster.bootstrap.split(',')[0]} -P -t ${topic}`}
              />
            ) : (
              <Loading what={t('messages.waiting', { topic })} />
            )}
          </DataTable>
        </div>
      </div>
      {active !== null && (
        <ResizableAside id="record" label={t('inspector.resize')}>
          <Inspector
            details={details}
            tab={search.tab ?? 'value'}
            // The cursor reaches the address a moment later; a link copied now must have it too.
            onTab={tab => change({ tab, at: active.startsWith('#') ? search.at : active }, true)}
            onClose={() => select(null)}
          />
        </ResizableAside>
      )}
    </div>
  )
}

/** The cursor: at once on the screen, a moment later in the address, and back again from there. */
function useSelection(
  at: string | undefined,
  view: RecordView,
  details: RecordDetails,
  change: (next: Partial<MessagesSearch>, replace: boolean) => void,
) {
  const [active, setActive] = useState<string | null>(at ?? null)
  const written = useRef(at)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  // Back, forward, or a link put another record into the address.
  useEffect(() => {
    if (at === written.current) return
    written.current = at
    setActive(at ?? null)
  }, [at])

  // The cursor may have reached a row before the row was there.
  const resolved = active === null ? null : (view.resolve(active) ?? active)
  useEffect(() => {
    if (resolved === null) details.show(null)
    else if (!resolved.startsWith('#')) details.show(readPlace(resolved))
    view.remember(resolved)
  }, [resolved, details, view])

  const select = useCallback(
    (key: string | null) => {
      setActive(key)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        const next = key === null ? undefined : (view.resolve(key) ?? undefined)
        written.current = next
        change({ at: next }, true)
      }, ADDRESS_DELAY_MS)
    },
    [view, change],
  )
  useEffect(() => () => clearTimeout(timer.current), [])
  return { active: resolved, select }
}

/** Live records enter the table by themselves only while nobody reads in it. */
function useFollowing(
  view: RecordView,
  state: ReturnType<RecordView['snapshot']>,
  live: boolean,
  active: string | null,
) {
  const [paused, setPaused] = useState(false)
  const [seesEnd, setSeesEnd] = useState(true)
  const count = state.rows.count
  const latest = useLatest({ count, order: state.order })
  const connected = useConnectionState(useClient()).type === 'open'
  const following = live && connected && !paused && active === null && seesEnd
  useEffect(() => {
    if (state.opened) view.setLive(live)
  }, [view, live, state.opened])
  useEffect(() => view.setFollow(following), [view, following])
  const onVisible = useCallback(
    (first: number, end: number) => {
      view.show(first, end)
      const { count, order } = latest.current
      setSeesEnd(order === 'newest-first' ? first === 0 : end >= count)
    },
    [view, latest],
  )
  return { onVisible, paused, setPaused, following, connected }
}
