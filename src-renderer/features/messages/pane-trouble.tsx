/** Why there is no table: the topic is gone, or could not be read. */
import { Link } from '@tanstack/react-router'
import type { Problem } from '../../../src-main/contract/define.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Failure, Gone, isGone } from '../../ui/state/states.tsx'
import type { MessagesQuery } from './query/address.ts'

interface PaneTroubleProps {
  readonly topic: string
  readonly query: MessagesQuery
  readonly what: string
  readonly problem: Problem
  readonly onRetry: () => void
}

export function PaneTrouble({ topic, query, what, problem, onRetry }: PaneTroubleProps) {
  const cluster = useCluster()
  // With several topics, chosen partitions or a group another thing may be missing; the message
  // says which.
  const isTopic =
    query.topics.length === 0 && query.partitions === null && query.from.type !== 'group'
  if (isGone(problem) && isTopic)
    return (
      <Gone sentence={t('messages.gone', { topic })}>
        <Link to="/$cluster/topics" params={{ cluster: cluster.id }} className="button">
          {t('messages.toTopics')}
        </Link>
      </Gone>
    )
  return <Failure what={what} problem={problem} onRetry={onRetry} />
}
