/** What goes when topics go: records and bytes, read anew, since the list behind may be old. */
import { useEffect, useState } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { TopicFigures } from '../../../src-main/contract/model/topic.ts'
import { problemOf } from '../../connection/answer.ts'
import { useClient, useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { recordCountSign } from '../../ui/format/record-count.ts'

const LISTED_MAX = 8
const FIGURES_MAX = 500

export interface Counted {
  /** Null while they are counted. */
  readonly figures: readonly TopicFigures[] | null
  readonly problem: Problem | null
}

/** Counts topics once, in bounded questions. */
export function useCounted(topics: readonly string[]): Counted {
  const client = useClient()
  const cluster = useCluster().id
  const key = topics.join('\n')
  const [counted, setCounted] = useState<Counted & { readonly key: string }>({
    key,
    figures: null,
    problem: null,
  })
  useEffect(() => {
    const abort = new AbortController()
    const names = key === '' ? [] : key.split('\n')
    const count = async () => {
      const figures: TopicFigures[] = []
      for (let at = 0; at < names.length; at += FIGURES_MAX) {
        const share = names.slice(at, at + FIGURES_MAX)
        figures.push(
          ...(await client.call('topic.figures', { cluster, topics: share }, abort.signal)),
        )
      }
      return figures
    }
    count().then(
      figures => setCounted({ key, figures, problem: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setCounted({ key, figures: null, problem: problemOf(error) })
      },
    )
    return () => abort.abort()
  }, [client, cluster, key])
  return counted.key === key ? counted : { figures: null, problem: null }
}

interface LossProps {
  readonly topics: readonly string[]
  readonly counted: Counted
  /** Their names are said elsewhere. */
  readonly unnamed?: boolean
}

export function Loss({ topics, counted: { figures, problem }, unnamed }: LossProps) {
  const records = figures?.reduce((sum, { recordCount }) => sum + (recordCount?.count ?? 0n), 0n)
  const sign = recordCountSign(figures?.flatMap(({ recordCount }) => recordCount ?? []) ?? [])
  const bytes = figures?.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
  const uncounted =
    topics.length - (figures?.filter(figure => figure.recordCount !== null).length ?? 0)
  return (
    <div className="loss">
      <p>
        {figures === null
          ? problem === null
            ? t('delete.counting')
            : t('delete.uncounted', { why: problem.message })
          : t('delete.loss', {
              records: `${sign}${formatCount(records)}`,
              bytes: formatBytes(bytes),
            })}{' '}
        {t('delete.forEver')}
        {figures !== null && uncounted > 0 && ` ${t('delete.missing', { count: uncounted })}`}
      </p>
      {unnamed !== true && <TopicNames topics={topics} />}
    </div>
  )
}

export function TopicNames({ topics }: { readonly topics: readonly string[] }) {
  return (
    <ul className="loss-names mono">
      {topics.slice(0, LISTED_MAX).map(name => (
        <li key={name} className="clip" title={name}>
          {name}
        </li>
      ))}
      {topics.length > LISTED_MAX && (
        <li className="faint">{t('delete.more', { count: topics.length - LISTED_MAX })}</li>
      )}
    </ul>
  )
}
