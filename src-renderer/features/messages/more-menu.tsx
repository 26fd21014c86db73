/** Saved views, and the way to a file. */
import { useNavigate, useRouter } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { isSearch, type MessagesQuery, type MessagesSearch } from './query/address.ts'
import { readFilter, type PageFilter } from './query/filter-text.ts'
import type { TableSettings } from './table/use-table-settings.ts'
import type { SavedView } from './views/saved-views.ts'
import { ViewsMenu } from './views/views-menu.tsx'

export interface MoreMenuProps {
  readonly topic: string
  readonly query: MessagesQuery
  readonly search: MessagesSearch
  readonly table: TableSettings
  readonly onFilter: (filter: PageFilter) => void
  readonly onExport: () => void
}

export function MoreMenu({ topic, query, search, table, onFilter, onExport }: MoreMenuProps) {
  const cluster = useCluster().id
  const navigate = useNavigate()
  const router = useRouter()
  /** A filter fits any topic; a view leads to the one that it was saved on. */
  const placeOf = (view: SavedView) => ({
    to: '/$cluster/topics/$topic' as const,
    params: { cluster, topic: view.type === 'filter' ? topic : view.topic },
    search: view.search,
  })
  const apply = (view: SavedView) => {
    if (view.type === 'filter') return onFilter(readFilter(view.search))
    table.layout.take({
      widths: view.widths,
      toggled: view.search.cols === undefined ? [] : view.search.cols.split(','),
    })
    return void navigate(placeOf(view))
  }
  return (
    <>
      <ViewsMenu
        topic={topic}
        search={search}
        hasFilter={isSearch(query)}
        widths={table.layout.snapshot().widths}
        linkTo={view =>
          location.origin + router.history.createHref(router.buildLocation(placeOf(view)).href)
        }
        onApply={apply}
      />
      <Button
        kind="quiet"
        icon={<Download size={14} aria-hidden />}
        aria-label={t('export.open')}
        title={t('export.open')}
        onClick={onExport}
      />
    </>
  )
}
