/** The consumer groups that what is about to happen concerns, and what it means to them. */
import { useEffect, useState, type ReactNode } from 'react'
import type { GroupFigures } from '../../../src-main/contract/model/group.ts'
import { problemOf } from '../../connection/answer.ts'
import { useClient, useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'

const LISTED_MAX = 6

interface GroupsThereProps {
  readonly topic: string
  /** What happens to their offsets. */
  readonly children: ReactNode
}

export function GroupsThere({ topic, children }: GroupsThereProps) {
  const client = useClient()
  const cluster = useCluster().id
  const [groups, setGroups] = useState<readonly GroupFigures[] | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    client.call('group.of-topic', { cluster, topic }, abort.signal).then(
      found => setGroups(found),
      (error: unknown) => {
        if (!abort.signal.aborted) setWhy(problemOf(error).message)
      },
    )
    return () => abort.abort()
  }, [client, cluster, topic])
  if (why !== null) return <p className="quiet">{t('acts.groupsUnknown', { why })}</p>
  if (groups === null) return <p className="faint">{t('acts.groupsWaiting')}</p>
  if (groups.length === 0) return <p className="quiet">{t('acts.groupsNone')}</p>
  const active = groups.filter(({ memberCount }) => memberCount > 0)
  return (
    <p className="quiet">
      {t('acts.groups', { count: groups.length })}{' '}
      <span className="mono">
        {groups
          .slice(0, LISTED_MAX)
          .map(({ groupId }) => groupId)
          .join(', ')}
        {groups.length > LISTED_MAX && ' …'}
      </span>
      {'. '}
      {active.length > 0 && `${t('acts.groupsActive', { count: active.length })} `}
      {children}
    </p>
  )
}
