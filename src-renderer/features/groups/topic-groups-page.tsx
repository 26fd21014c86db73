/** The groups that read a topic. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { GroupFigures } from '../../../src-main/contract/model/group.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { groupColumns } from './group-columns.tsx'
import type { GroupRow } from './group-list.ts'
import './groups.css'

const route = getRouteApi('/$cluster/topics/$topic/groups')
const INTERVAL_MS = 3_000

export function TopicGroupsPage() {
  const client = useClient()
  const cluster = useCluster()
  const { topic } = route.useParams()
  const navigate = route.useNavigate()
  const answer = useHeld(
    () => new AskedAnswer(client, 'group.of-topic', { cluster: cluster.id, topic }, INTERVAL_MS),
    `${cluster.id}|${topic}`,
  )
  const { value, problem } = useStore(answer)
  const [active, setActive] = useState<string | null>(null)
  const columns = useMemo(
    () => groupColumns(cluster.id).filter(column => column.id !== 'type'),
    [cluster.id],
  )
  const rows = useMemo(
    () => new ArrayRows((value ?? []).map(asRow), row => row.summary.groupId),
    [value],
  )
  const what = t('groups.readingOf', { topic })
  if (value === null)
    return problem === null ? (
      <Loading what={t('groups.waitingOf', { topic })} />
    ) : (
      <Failure what={what} problem={problem} onRetry={answer.refresh} />
    )
  return (
    <div className="page">
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={answer.refresh} />}
      <div className="page-body">
        <DataTable
          id="topic-groups"
          label={what}
          columns={columns}
          rows={rows}
          active={active}
          onActive={setActive}
          onOpen={group =>
            void navigate({ to: '/$cluster/groups/$group', params: { cluster: cluster.id, group } })
          }
          isMain
        >
          <Empty
            sentence={t('groups.noneOf')}
            command={`kcat -b ${cluster.bootstrap.split(',')[0]} -G my-group ${topic}`}
          />
        </DataTable>
      </div>
    </div>
  )
}

function asRow(figures: GroupFigures): GroupRow {
  const { groupId, state } = figures
  return {
    summary: { groupId, state, type: null, protocolType: '', coordinator: figures.coordinator },
    figures,
  }
}
