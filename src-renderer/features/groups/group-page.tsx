/** One group, kept live: what it has read of each partition, and who holds what. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { GroupDescription } from '../../../src-main/contract/model/group.ts'
import { StreamedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'
import { Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { GroupMembers } from './group-members.tsx'
import { GroupPartitions } from './group-partitions.tsx'
import { GroupStateMark } from './group-state.tsx'
import { GROUP_TABS, type GroupSearch } from './groups-search.ts'
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
  const [active, setActive] = useState<string | null>(null)
  const change = (next: Partial<GroupSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  // Members keep their hues while others come and go, as long as their order does.
  const members = useMemo(
    () => [...(value?.members ?? [])].sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
    [value?.members],
  )

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
      <Head group={value} cluster={cluster} />
      <div className="tabs" role="tablist">
        {GROUP_TABS.map(each => (
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
            {t(`group.tab.${each}`)}{' '}
            <span className="faint">
              {formatCount(each === 'members' ? members.length : value.partitions.length)}
            </span>
          </button>
        ))}
      </div>
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={watch.refresh} />}
      <div className="page-body">
        {tab === 'partitions' ? (
          <GroupPartitions
            cluster={cluster}
            partitions={value.partitions}
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
                  ...(row.committedOffset === null
                    ? {}
                    : { from: `offset:${row.committedOffset}` }),
                },
              })
            }
          />
        ) : (
          <GroupMembers
            members={members}
            partitions={value.partitions}
            active={active}
            onActive={setActive}
          />
        )}
      </div>
    </div>
  )
}

function Head({ group, cluster }: { readonly group: GroupDescription; readonly cluster: string }) {
  return (
    <header className="topic-head">
      <route.Link to="/$cluster/groups" params={{ cluster }} className="faint crumb">
        {t('navigation.groups')}
      </route.Link>
      <span className="faint">/</span>
      <h1 className="page-title clip copyable" title={group.groupId}>
        <span className="clip">{group.groupId}</span>
        <CopyButton text={group.groupId} label={t('group.copyName')} />
      </h1>
      <GroupStateMark state={group.state} />
      <span className="topic-facts faint clip">
        {[group.type, group.protocolType, group.protocol].filter(Boolean).join(' · ')}
      </span>
      <span className="faint group-coordinator">
        {t('groups.coordinator')}{' '}
        {group.coordinator === null ? UNKNOWN : <BrokerMark id={group.coordinator} />}
      </span>
      <span className="spacer" />
      <span className="group-lag">
        <span className="faint">{t('group.totalLag')}</span>{' '}
        <strong
          title={
            group.unknownLagCount > 0
              ? t('groups.lagUnknown', { count: group.unknownLagCount })
              : undefined
          }
        >
          {group.unknownLagCount > 0 && group.totalLag !== null && '≥ '}
          {formatCount(group.totalLag)}
        </strong>
      </span>
    </header>
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
