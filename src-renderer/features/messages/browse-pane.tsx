/** Records as they lie in the log: any number of them, of which the visible ones are read. */
import { useEffect, useImperativeHandle, useMemo } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { LiveLine } from './live/live-line.tsx'
import type { PaneProps } from './pane.ts'
import { PaneTrouble } from './pane-trouble.tsx'
import { PartitionNotices } from './partition-notices.tsx'
import { queryKey, readPlace } from './query/address.ts'
import { NO_FILTER } from './query/filter-text.ts'
import { endOf, sourcesOf, startOf } from './query/scan-input.ts'
import { recordColumns } from './table/record-columns.tsx'
import { keyOfRow } from './table/record-key.ts'
import { RecordView } from './table/record-view.ts'
import type { RecordViewState } from './table/record-view-state.ts'
import { RecordsTable } from './table/records-table.tsx'
import { useStep } from './table/use-step.ts'
import { useFollowing } from './table/use-following.ts'

export function BrowsePane(props: PaneProps) {
  const { topic, query, search, cursor, look, onQuery } = props
  const client = useClient()
  const cluster = useCluster()
  const zone = useZone()
  const live = query.until.type === 'never'
  const { from, until } = query
  const key = [cluster.id, topic, queryKey({ ...query, filter: NO_FILTER }), props.reads].join('|')
  const view = useHeld(() => {
    const asker = { cluster: cluster.id, topic, nowMs: Date.now(), zone }
    return new RecordView({
      client,
      cluster: cluster.id,
      topic,
      sources: sourcesOf(query, topic),
      isolation: query.committed ? 'read_committed' : 'read_uncommitted',
      from: startOf(from, asker),
      until: until.type === 'count' ? { type: 'count', count: until.count } : endOf(until, asker),
      at: readPlace(search.at),
      look,
      keyOf: keyOfRow(topic),
    })
  }, key)
  const state = useStore(view)
  useEffect(() => view.setLook(look), [view, look])
  useEffect(() => {
    if (state.opened) view.setLive(live)
  }, [view, live, state.opened])

  // The cursor may have reached a row before the row was there.
  const { active, select } = cursor
  const resolved = active === null ? null : (view.resolve(active) ?? active)
  useEffect(() => {
    if (resolved !== active) select(resolved)
    view.remember(resolved)
  }, [resolved, active, select, view])

  const newestAt = state.order === 'newest-first' ? 'top' : 'bottom'
  const { following, connected, onVisible } = useFollowing(view, {
    live,
    paused: props.paused,
    active,
    rowCount: state.rows.count,
    newestAt,
  })
  const takeNew = () => {
    select(null)
    view.takeNew()
  }
  const { step, show } = useStep(state.rows, cursor, state.beginAt)
  useImperativeHandle(props.handle, () => ({
    loaded: () => view.loaded(),
    stop: () => undefined,
    step,
    takeNew,
  }))
  const { digits } = state
  const sortable = from.type === 'newest' || from.type === 'oldest'
  const { fields, onRemoveField, narrow } = props
  const severalTopics = query.topics.length > 0
  const columns = useMemo(
    () =>
      recordColumns({
        zone,
        severalTopics,
        fields,
        onRemoveField,
        narrow,
        offsetDigits: digits,
        sortable,
      }),
    [zone, severalTopics, fields, onRemoveField, narrow, digits, sortable],
  )

  const what = t('messages.reading', { topic })
  if (!state.opened && state.problem !== null)
    return (
      <PaneTrouble
        topic={topic}
        query={query}
        what={what}
        problem={state.problem}
        onRetry={view.retry}
      />
    )
  return (
    <>
      <div className="scan">
        <span className="scan-words" title={lastRead(state)}>
          {live && (
            <LiveLine
              connected={connected}
              following={following}
              paused={props.paused}
              count={state.liveEnd}
              interruption={state.interruption}
            />
          )}
          {state.slow && (
            <span className="warn" role="status">
              ◐ {t('messages.slow')}
            </span>
          )}
          {state.opened && (
            <span>
              {t('messages.count', {
                count: state.rows.count,
                formatted: formatCount(state.rows.count),
              })}
            </span>
          )}
        </span>
      </div>
      {state.problem !== null && (
        <FailureNotice what={what} problem={state.problem} onRetry={view.retry} />
      )}
      <PartitionNotices topic={topic} problems={state.partitionProblems} onRetry={view.retry} />
      <RecordsTable
        topic={topic}
        columns={columns}
        rows={state.rows}
        layout={props.layout}
        columnActs={props.columnActs}
        {...(sortable
          ? {
              sort: {
                column: 'time',
                direction: state.order === 'newest-first' ? 'descending' : 'ascending',
              } as const,
              onSort: () =>
                onQuery({ from: { type: from.type === 'newest' ? 'oldest' : 'newest' } }),
            }
          : {})}
        active={resolved}
        onActive={select}
        chosen={props.chosen}
        onChoose={props.onChoose}
        onFilter={props.onFilter}
        onVisible={onVisible}
        show={show}
        newCount={live && !following ? state.newCount : 0n}
        newestAt={newestAt}
        onTakeNew={takeNew}
      >
        {state.opened ? (
          <EmptyTable {...props} live={live} bootstrap={cluster.bootstrap} />
        ) : (
          <Loading what={t('messages.waiting', { topic })} />
        )}
      </RecordsTable>
    </>
  )
}

interface EmptyTableProps extends PaneProps {
  readonly live: boolean
  readonly bootstrap: string
}

/** Nothing at all, or nothing in the chosen stretch: these are two different things to do. */
function EmptyTable({ topic, query, live, bootstrap, onQuery }: EmptyTableProps) {
  const whole =
    (query.from.type === 'newest' || query.from.type === 'oldest') &&
    (query.until.type === 'now' || live) &&
    query.partitions === null
  if (!whole)
    return (
      <Empty sentence={t('messages.emptyHere')}>
        <Button
          onClick={() =>
            onQuery({ from: { type: 'newest' }, until: { type: 'now' }, partitions: null })
          }
        >
          {t('messages.showAll')}
        </Button>
      </Empty>
    )
  return (
    <Empty
      sentence={live ? t('messages.emptyLive') : t('messages.empty')}
      command={`kcat -b ${bootstrap.split(',')[0]} -P -t ${topic}`}
    />
  )
}

function lastRead({ lastPage }: RecordViewState): string | undefined {
  if (lastPage === null) return undefined
  return t('messages.lastRead', {
    rows: formatCount(lastPage.rows),
    bytes: formatBytes(lastPage.bytes),
    ms: Math.max(1, Math.round(lastPage.ms)),
  })
}
