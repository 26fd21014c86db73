/** The questions that the acts on several topics ask. */
import type { BulkAct } from './bulk-bar.tsx'
import { ConfigureTopics } from './configure-topics.tsx'
import { DeleteTopics } from './delete-topics.tsx'
import { EmptyTopics } from './empty-topics.tsx'

export interface AskedAct {
  readonly act: BulkAct
  readonly topics: readonly string[]
}

interface BulkActsProps {
  /** Null while nothing is asked. */
  readonly asked: AskedAct | null
  readonly onClose: () => void
  readonly onDeleted: (topics: readonly string[]) => void
  readonly onChanged: () => void
}

export function BulkActs({ asked, onClose, onDeleted, onChanged }: BulkActsProps) {
  const topicsFor = (act: BulkAct) => (asked?.act === act ? asked.topics : null)
  return (
    <>
      <ConfigureTopics topics={topicsFor('configure')} onClose={onClose} onConfigured={onChanged} />
      <EmptyTopics topics={topicsFor('purge')} onClose={onClose} onPurged={onChanged} />
      <DeleteTopics topics={topicsFor('delete')} onClose={onClose} onDeleted={onDeleted} />
    </>
  )
}
