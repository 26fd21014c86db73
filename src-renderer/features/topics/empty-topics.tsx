/** All records of several topics go; topics that may not be purged say why, and stay. */
import { useState } from 'react'
import { t } from '../../i18n/i18n.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { Loss, useCounted } from './loss.tsx'

const PURGE = { type: 'purge' } as const

interface EmptyTopicsProps {
  /** Null while nothing is to be purged. */
  readonly topics: readonly string[] | null
  readonly onClose: () => void
  readonly onPurged: () => void
}

export function EmptyTopics({ topics, onClose, onPurged }: EmptyTopicsProps) {
  const [shown, setShown] = useState<readonly string[]>([])
  if (topics !== null && topics !== shown) setShown(topics)
  return (
    <BulkDialog
      opened={topics !== null}
      onClose={onClose}
      title={t('purge.titleMany', { count: shown.length })}
      topics={shown}
      what={<Question topics={shown} />}
      typed={shown.length === 1 ? (shown[0] ?? '') : t('purge.typedMany', { count: shown.length })}
      act={PURGE}
      actLabel={t('purge.actMany', { count: shown.length })}
      onOver={onPurged}
    />
  )
}

function Question({ topics }: { readonly topics: readonly string[] }) {
  const counted = useCounted(topics)
  const compacted =
    counted.figures?.filter(
      ({ cleanupPolicy }) => cleanupPolicy !== null && /^compact$/.test(cleanupPolicy),
    ) ?? []
  return (
    <div className="loss">
      <Loss topics={topics} counted={counted} />
      <p className="quiet">{t('purge.topicsStay')}</p>
      {compacted.length > 0 && (
        <p className="warn">{t('purge.compactedStay', { count: compacted.length })}</p>
      )}
    </div>
  )
}
