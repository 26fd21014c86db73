/** Saved views and export. */
import type { MessagesQuery, MessagesSearch } from './query/address.ts'
import type { TableSettings } from './table/use-table-settings.ts'

export interface MoreMenuProps {
  readonly topic: string
  readonly query: MessagesQuery
  readonly search: MessagesSearch
  readonly table: TableSettings
}

export function MoreMenu(_props: MoreMenuProps) {
  return null
}
