/** The record panel beside the table: what it is told of this page, and what it asks of it. */
import { useEffect } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Inspector } from './inspector.tsx'
import { INSPECTOR_TABS } from './messages-search.ts'
import { readPlace, type FieldColumn, type MessagesSearch } from './query/address.ts'
import type { PageFilter } from './query/filter-text.ts'
import { RecordDetails } from './record-details.ts'
import type { Cursor } from './table/use-cursor.ts'

interface RecordAsideProps {
  readonly topic: string
  readonly cursor: Cursor
  readonly chosen: ReadonlySet<string>
  readonly search: MessagesSearch
  readonly change: (next: Partial<MessagesSearch>, replace?: boolean) => void
  readonly filter: PageFilter
  readonly onFilter: (filter: PageFilter) => void
  readonly onColumn: (field: FieldColumn) => void
}

export function RecordAside({ topic, cursor, search, change }: RecordAsideProps) {
  const client = useClient()
  const cluster = useCluster()
  const { active, select } = cursor
  const place = active === null ? null : readPlace(active)
  const own = place?.topic ?? topic
  const details = useHeld(() => new RecordDetails(client, cluster.id, own), `${cluster.id}|${own}`)
  useEffect(() => {
    if (active === null) details.show(null)
    else {
      const at = readPlace(active)
      if (at !== null) details.show({ partition: at.partition, offset: at.offset })
    }
  }, [active, details])
  if (active === null) return null
  return (
    <ResizableAside id="record" label={t('inspector.resize')}>
      <Inspector
        details={details}
        tab={INSPECTOR_TABS.find(tab => tab === search.tab) ?? 'value'}
        // The cursor reaches the address a moment later; a link copied now must have it too.
        onTab={tab => change({ tab, ...(place === null ? {} : { at: active }) }, true)}
        onClose={() => select(null)}
      />
    </ResizableAside>
  )
}
