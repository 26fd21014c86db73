/** Column titles: click sorts, the edge resizes (double click lets go), the last cell chooses columns. */
import { Menu } from '@mantine/core'
import { ArrowDown, ArrowUp, Settings2 } from 'lucide-react'
import type { PointerEvent, ReactNode } from 'react'
import { t } from '../../i18n/i18n.ts'
import type { Column, Sort } from './column.ts'
import { isShown, type Layout, type TableLayout } from './table-layout.ts'

interface TableHeaderProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly allColumns: readonly Column<Row>[]
  readonly layout: Layout
  readonly store: TableLayout
  readonly sort?: Sort | undefined
  readonly onSort?: ((sort: Sort) => void) | undefined
  readonly columnActs?: ReactNode
  readonly copyTsv: () => void
  readonly copyJson: () => void
}

export function TableHeader<Row>(props: TableHeaderProps<Row>) {
  const { columns, sort, onSort, store } = props
  return (
    <div className="table-header" role="row" aria-rowindex={1}>
      {columns.map(column => {
        const sorted = sort?.column === column.id ? sort.direction : undefined
        const sortable = column.sortable === true && onSort !== undefined
        return (
          <div
            key={column.id}
            role="columnheader"
            className="table-title"
            data-align={column.align}
            title={column.hint}
            aria-sort={sortable ? (sorted ?? 'none') : undefined}
          >
            {sortable ? (
              <button
                type="button"
                tabIndex={-1}
                onClick={() => onSort({ column: column.id, direction: opposite(sorted, column) })}
              >
                <span className="clip">{column.title}</span>
                {sorted === 'ascending' && <ArrowUp size={12} aria-hidden />}
                {sorted === 'descending' && <ArrowDown size={12} aria-hidden />}
              </button>
            ) : (
              <span className={column.saidOnly === true ? 'visually-hidden' : 'clip'}>
                {column.title}
              </span>
            )}
            <span
              className="table-resizer"
              onPointerDown={event => startResize(event, column.id, store)}
              onDoubleClick={() => store.release(column.id)}
            />
          </div>
        )
      })}
      <div role="columnheader" className="table-menu-title">
        <ColumnMenu {...props} />
      </div>
    </div>
  )
}

function ColumnMenu<Row>(props: TableHeaderProps<Row>) {
  const { allColumns, layout, store, copyTsv, copyJson } = props
  return (
    <Menu position="bottom-end" withinPortal closeOnItemClick={false}>
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          className="table-menu"
          aria-label={t('table.options')}
          title={t('table.options')}
        >
          <Settings2 size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.columnActs}
        <Menu.Label>{t('table.columns')}</Menu.Label>
        {allColumns.map(column => {
          const shown = isShown(column, layout)
          const last = shown && props.columns.length === 1
          return (
            <Menu.CheckboxItem
              key={column.id}
              disabled={last}
              checked={shown}
              onChange={() => (column.remove ?? (() => store.toggle(column.id)))()}
            >
              {column.title}
            </Menu.CheckboxItem>
          )
        })}
        <Menu.Divider />
        <Menu.Item closeMenuOnClick onClick={() => store.reset()}>
          {t('table.resetColumns')}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick
          onClick={copyTsv}
          rightSection={<span className="faint">⌘C</span>}
        >
          {t('table.copyTsv')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick onClick={copyJson}>
          {t('table.copyJson')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Numbers are most often wanted largest first, names from A. */
function opposite<Row>(
  sorted: Sort['direction'] | undefined,
  column: Column<Row>,
): Sort['direction'] {
  if (sorted === undefined) return column.align === 'end' ? 'descending' : 'ascending'
  return sorted === 'ascending' ? 'descending' : 'ascending'
}

function startResize(event: PointerEvent<HTMLElement>, columnId: string, store: TableLayout): void {
  event.preventDefault()
  event.stopPropagation()
  const handle = event.currentTarget
  const startX = event.clientX
  const startWidth = handle.parentElement?.getBoundingClientRect().width ?? 0
  handle.setPointerCapture(event.pointerId)
  const move = (next: globalThis.PointerEvent) =>
    store.resize(columnId, startWidth + next.clientX - startX)
  const stop = () => {
    handle.removeEventListener('pointermove', move)
    handle.removeEventListener('pointerup', stop)
    handle.removeEventListener('pointercancel', stop)
  }
  handle.addEventListener('pointermove', move)
  handle.addEventListener('pointerup', stop)
  handle.addEventListener('pointercancel', stop)
}
