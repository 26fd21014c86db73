/** One group, kept live: what it has read of each partition, who holds what, and its past. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { GroupDescription } from '../../../src-main/contract/model/group.ts'
import { StreamedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { formatCount } from '../../ui/format/number.ts'
import {
  Empty,
  Failure,
  FailureNotice,
  Gone,
  GoneNotice,
  isGone,
  Loading,
} from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { findingsOf } from './group-findings.ts'
import { FindingsList } from './group-findings-list.tsx'
import { GroupHead } from './group-head.tsx'
import { GroupMembers } from './group-members.tsx'
import { GroupPartitions } from './group-partitions.tsx'
import { GROUP_TABS, type GroupSearch, type GroupTab } from './groups-search.ts'
import { LagHistoryTab } from './lag-history.tsx'
import { RebalancesTab } from './rebalances-tab.tsx'
import { TopologyTab } from './topology-tab.tsx'
import './groups.css'

const route = getRouteApi('/$cluster/groups/$group')
const INTERVAL_MS = 1_000

export function GroupPage() {
  const client = useClient()
  const cluster = useCluster().id
  const { group } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const watch = useHeld(
    () =>
      new StreamedAnswer(client, 'group.watch', {
        cluster,
        groupId: group,
        intervalMs: INTERVAL_MS,
      }),
    `${cluster}|${group}`,
  )
  const { value, problem } = useStore(watch)
  const change = (next: Partial<GroupSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  useCommands([
    {
      id: 'group-offsets',
      title: t('offsets.openHint'),
      shortcut: 'o',
      group: 'page',
      run: () =>
        void navigate({ to: '/$cluster/groups/$group/offsets', params: { cluster, group } }),
    },
  ])
  const what = t('group.reading', { group })
  if (value === null) {
    if (problem === null) return <Loading what={t('group.waiting', { group })} />
    if (isGone(problem)) return <GoneGroup group={group} cluster={cluster} />
    return <Failure what={what} problem={problem} onRetry={watch.refresh} />
  }
  if (value.state === 'Dead' && value.partitions.length === 0)
    return <GoneGroup group={group} cluster={cluster} />
  const tab = search.tab ?? 'partitions'
  return (
    <div className="page">
      <GroupHead group={value} cluster={cluster} />
      {/* What holds of a group that is there holds no more of one that is gone. */}
      {!(problem !== null && isGone(problem)) && <FindingsList findings={findingsOf(value)} />}
      <div className="tabs" role="tablist">
        {GROUP_TABS.filter(each => each !== 'topology' || value.type === 'streams').map(each => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tab"
            aria-selected={each === tab}
            onClick={() =>
              change({ tab: each === 'partitions' ? undefined : each, sort: undefined })
            }
          >
            {t(`group.tab.${each}`)} <TabCount tab={each} group={value} />
          </button>
        ))}
      </div>
      <Trouble group={group} problem={problem} onRetry={watch.refresh} />
      <div className="page-body">
        <TabBody tab={tab} group={value} search={search} change={change} />
      </div>
    </div>
  )
}

function TabCount({ tab, group }: { readonly tab: GroupTab; readonly group: GroupDescription }) {
  if (tab !== 'members' && tab !== 'partitions') return null
  return <span className="faint">{formatCount(group[tab].length)}</span>
}

interface TabBodyProps {
  readonly tab: GroupTab
  readonly group: GroupDescription
  readonly search: GroupSearch
  readonly change: (next: Partial<GroupSearch>) => void
}

function TabBody({ tab, group, search, change }: TabBodyProps) {
  const cluster = useCluster().id
  const navigate = route.useNavigate()
  const [active, setActive] = useState<string | null>(null)
  // Members keep their hues while others come and go, as long as their order does.
  const members = useMemo(
    () => [...group.members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
    [group.members],
  )
  switch (tab) {
    case 'partitions':
      return (
        <GroupPartitions
          cluster={cluster}
          groupId={group.groupId}
          type={group.type}
          partitions={group.partitions}
          members={members}
          search={search}
          change={change}
          active={active}
          onActive={setActive}
          onOpen={row =>
            void navigate({
              to: '/$cluster/topics/$topic',
              params: { cluster, topic: row.topic },
              search: {
                p: String(row.partition),
                ...(row.committedOffset === null ? {} : { from: `offset:${row.committedOffset}` }),
              },
            })
          }
        />
      )
    case 'members':
      return (
        <GroupMembers
          members={members}
          type={group.type}
          partitions={group.partitions}
          active={active}
          onActive={setActive}
        />
      )
    case 'history':
      return <LagHistoryTab groupId={group.groupId} search={search} change={change} />
    case 'rebalances':
      return group.type === 'share' ? (
        <Empty sentence={t('group.shareRebalances')} />
      ) : (
        <RebalancesTab group={group} search={search} change={change} />
      )
    case 'topology':
      return <TopologyTab topology={group.topology} />
  }
}

interface TroubleProps {
  readonly group: string
  readonly problem: Problem | null
  readonly onRetry: () => void
}

/** Beside what is shown from before. */
function Trouble({ group, problem, onRetry }: TroubleProps) {
  const cluster = useCluster().id
  if (problem === null) return null
  if (!isGone(problem))
    return (
      <FailureNotice what={t('group.reading', { group })} problem={problem} onRetry={onRetry} />
    )
  return (
    <GoneNotice sentence={t('group.goneSince')}>
      <Button kind="quiet" onClick={onRetry}>
        {t('failure.retry')}
      </Button>
      <route.Link to="/$cluster/groups" params={{ cluster }} className="button">
        {t('group.toGroups')}
      </route.Link>
    </GoneNotice>
  )
}

function GoneGroup({ group, cluster }: { readonly group: string; readonly cluster: string }) {
  return (
    <Gone sentence={t('group.gone', { group })}>
      <route.Link to="/$cluster/groups" params={{ cluster }} className="button">
        {t('group.toGroups')}
      </route.Link>
    </Gone>
  )
}
