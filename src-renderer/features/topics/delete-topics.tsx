/** Deleting topics: what goes is counted first, the name is typed, each topic is answered for. */
import { useEffect, useState } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { TopicFigures } from '../../../src-main/contract/model/topic.ts'
import { problemOf } from '../../connection/answer.ts'
import { useClient, useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ConfirmTyped } from '../../ui/confirm-typed.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'

const LISTED_MAX = 8
const FIGURES_MAX = 500

interface DeleteTopicsProps {
  /** Null while nothing is to be deleted. */
  readonly topics: readonly string[] | null
  readonly onClose: () => void
  readonly onDeleted: (topics: readonly string[]) => void
}

export function DeleteTopics({ topics, onClose, onDeleted }: DeleteTopicsProps) {
  const client = useClient()
  const cluster = useCluster().id
  const [shown, setShown] = useState<readonly string[]>([])
  // While the question fades out it keeps its text.
  if (topics !== null && topics !== shown) setShown(topics)
  const single = shown.length === 1

  const confirm = async (): Promise<Problem | null> => {
    try {
      const answers = await client.call('topic.delete', { cluster, topics: [...shown] })
      onDeleted(answers.filter(({ problem }) => problem === null).map(({ name }) => name))
      return answers.find(({ problem }) => problem !== null)?.problem ?? null
    } catch (error) {
      // Shown in the question itself, which stays open.
      return problemOf(error)
    }
  }

  return (
    <ConfirmTyped
      opened={topics !== null}
      onClose={onClose}
      title={t('delete.title', { count: shown.length })}
      what={<Loss topics={shown} />}
      typed={single ? (shown[0] ?? '') : t('delete.typed', { count: shown.length })}
      act={t('topics.delete', { count: shown.length })}
      onConfirm={confirm}
    />
  )
}

/** Records and bytes that go, read anew, since the list behind may be seconds old. */
function Loss({ topics }: { readonly topics: readonly string[] }) {
  const client = useClient()
  const cluster = useCluster().id
  const [figures, setFigures] = useState<readonly TopicFigures[] | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    client
      .call('topic.figures', { cluster, topics: topics.slice(0, FIGURES_MAX) }, abort.signal)
      .then(setFigures, (error: unknown) => {
        if (!abort.signal.aborted) setProblem(problemOf(error))
      })
    return () => abort.abort()
  }, [client, cluster, topics])

  const records = figures?.reduce((sum, { recordCount }) => sum + (recordCount?.count ?? 0n), 0n)
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
              records: formatCount(records),
              bytes: formatBytes(bytes),
            })}{' '}
        {t('delete.forEver')}
        {figures !== null && uncounted > 0 && ` ${t('delete.missing', { count: uncounted })}`}
      </p>
      <ul className="loss-names mono">
        {topics.slice(0, LISTED_MAX).map(name => (
          <li key={name} className="clip">
            {name}
          </li>
        ))}
        {topics.length > LISTED_MAX && (
          <li className="faint">{t('delete.more', { count: topics.length - LISTED_MAX })}</li>
        )}
      </ul>
    </div>
  )
}
