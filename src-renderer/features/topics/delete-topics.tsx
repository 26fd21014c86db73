/** Deleting topics: what goes is counted first, the name is typed, each topic is answered for. */
import { useState } from 'react'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { deleteTopicLine } from '../../ui/configuration/command-line.ts'
import { EqualCommand } from '../../ui/configuration/equal-command.tsx'
import { BulkDialog } from './bulk-dialog.tsx'
import { GroupsThere } from './groups-there.tsx'
import { Loss, useCounted } from './loss.tsx'

const DELETE = { type: 'delete' } as const

interface DeleteTopicsProps {
  /** Null while nothing is to be deleted. */
  readonly topics: readonly string[] | null
  readonly onClose: () => void
  readonly onDeleted: (topics: readonly string[]) => void
}

export function DeleteTopics({ topics, onClose, onDeleted }: DeleteTopicsProps) {
  const [shown, setShown] = useState<readonly string[]>([])
  // While the question fades out it keeps its text.
  if (topics !== null && topics !== shown) setShown(topics)
  const single = shown.length === 1
  return (
    <BulkDialog
      opened={topics !== null}
      onClose={onClose}
      title={t('delete.title', { count: shown.length })}
      topics={shown}
      what={<Question topics={shown} />}
      typed={single ? (shown[0] ?? '') : t('delete.typed', { count: shown.length })}
      act={DELETE}
      actLabel={t('topics.delete', { count: shown.length })}
      onOver={results =>
        onDeleted(results.filter(({ problem }) => problem === null).map(({ name }) => name))
      }
    />
  )
}

function Question({ topics }: { readonly topics: readonly string[] }) {
  const { bootstrap } = useCluster()
  const counted = useCounted(topics)
  const [topic] = topics
  return (
    <div className="loss">
      <Loss topics={topics} counted={counted} />
      {topics.length === 1 && topic !== undefined && (
        <>
          <GroupsThere topic={topic}>{t('delete.groupsLose')}</GroupsThere>
          <EqualCommand line={deleteTopicLine(bootstrap, topic)} />
        </>
      )}
    </div>
  )
}
