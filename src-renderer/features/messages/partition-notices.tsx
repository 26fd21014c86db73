/** Partitions that are missing from what is shown: one notice for each reason, however many. */
import type { PartitionProblem } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { FailureNotice } from '../../ui/state/states.tsx'

const LISTED_MAX = 6

interface PartitionNoticesProps {
  /** Of the page, which need not be said again. */
  readonly topic: string
  readonly problems: readonly PartitionProblem[]
  readonly onRetry: () => void
}

export function PartitionNotices({ topic, problems, onRetry }: PartitionNoticesProps) {
  return [...byCode(problems)].map(([code, alike]) => {
    const names = alike.map(each => nameOf(each, topic))
    const more = names.length > LISTED_MAX ? ', …' : ''
    const list = names.slice(0, LISTED_MAX).join(', ') + more
    return (
      <FailureNotice
        key={code}
        what={t('messages.readingPartitions', { count: names.length, list })}
        sentence={t('messages.partitionsMissing', { count: names.length, list })}
        problem={alike[0]!.problem}
        onRetry={onRetry}
      />
    )
  })
}

function byCode(problems: readonly PartitionProblem[]): ReadonlyMap<string, PartitionProblem[]> {
  const groups = new Map<string, PartitionProblem[]>()
  for (const each of problems) {
    const alike = groups.get(each.problem.code)
    if (alike === undefined) groups.set(each.problem.code, [each])
    else alike.push(each)
  }
  return groups
}

function nameOf({ topic, partition }: PartitionProblem, pageTopic: string): string {
  if (partition === null) return topic
  return topic === pageTopic ? String(partition) : `${topic}-${partition}`
}
