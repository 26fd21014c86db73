/**
 * The one table of the application: virtual at any length, with real table roles, keyboard,
 * resizable and hideable columns, a row cursor, and rows chosen for an act.
 */
import {
  memo,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'
import { useStore } from '../store.ts'
import type { Column, RowSource, Sort } from './column.ts'
import { RowActs, type ActsOn } from './row-acts.ts'
import { physicalHeight, windowAt } from './scaled-scroll.ts'
import { TableHeader } from './table-header.tsx'
import { gridTemplate, isShown, leastWidth, TableLayout } from './table-layout.ts'
import { useRowScroller } from './row-scroller.ts'
import { useTableKeys } from './use-table-keys.ts'
import './table.css'

const ROW_HEIGHT_PX = 28
/** Rows are drawn together with the scroll, never after it, so next to none are drawn ahead. */
const OVERSCAN_ROWS = 2

export interface DataTableProps<Row> {
  /** Names the table for its kept layout, and to assistive technology through `label`. */
  readonly id: string
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: RowSource<Row>
  /** Widths and hidden columns, where the page has more to do with them than to show them. */
  readonly layout?: TableLayout
  /** Further items of the header's menu, above the list of columns. */
  readonly columnActs?: ReactNode
  readonly sort?: Sort | undefined
  readonly onSort?: (sort: Sort) => void
  /** The row under the cursor, by key. */
  readonly active?: string | null
  readonly onActive?: (key: string | null) => void
  /** Enter or a double click; a single click too where `opensOnClick`. */
  readonly onOpen?: (key: string) => void
  readonly opensOnClick?: boolean
  readonly chosen?: ReadonlySet<string>
  readonly onChoose?: (keys: ReadonlySet<string>) => void
  readonly onFilter?: () => void
  /** The rows now on screen, first and one past last. */
  readonly onVisible?: (first: number, end: number) => void
  /** Changing it brings the row into view: `{ row }` is compared by identity. */
  readonly show?: { readonly row: number; readonly align?: 'start' } | undefined
  /** Whether this is what the page is about: its keys then work without focus. */
  readonly isMain?: boolean
  /** Shown under the header instead of rows. */
  readonly children?: ReactNode
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns: allColumns, onVisible, show, active = null } = props
  const scroller = useRef<HTMLDivElement>(null)
  const own = useMemo(() => new TableLayout(props.id, localStorage), [props.id])
  const store = props.layout ?? own
  const layout = useStore(store)
  const columns = useMemo(
    () => allColumns.filter(column => isShown(column, layout)),
    [allColumns, layout],
  )
  const { position, extent, showRow } = useRowScroller(
    scroller,
    rows.count,
    ROW_HEIGHT_PX,
    ROW_HEIGHT_PX,
  )
  const view = windowAt(position, extent, OVERSCAN_ROWS)
  const visible = windowAt(position, extent, 0)
  useEffect(() => onVisible?.(visible.first, visible.end), [onVisible, visible.first, visible.end])
  useEffect(() => {
    if (show !== undefined) showRow(show.row, show.align)
  }, [show, showRow])

  const on: ActsOn<Row> = {
    rows,
    columns,
    active,
    onActive: props.onActive,
    onOpen: props.onOpen,
    opensOnClick: props.opensOnClick === true,
    chosen: props.chosen,
    onChoose: props.onChoose,
    onFilter: props.onFilter,
    showRow,
  }
  const [acts] = useState(() => new RowActs(on))
  useInsertionEffect(() => acts.update(on))
  useTableKeys(
    scroller,
    {
      rowCount: rows.count,
      active: active === null ? -1 : rows.indexOf(active),
      pageRows: Math.max(1, Math.floor(extent.viewportHeight / ROW_HEIGHT_PX) - 1),
      move: acts.move,
      open: acts.open,
      clear: acts.clear,
      choose: acts.choose,
      filter: acts.filter,
      copy: acts.copyTsv,
    },
    props.isMain === true,
  )

  const drawn: ReactNode[] = []
  for (let index = view.first; index < view.end; index += 1) {
    const key = rows.keyAt(index)
    drawn.push(
      <TableRow
        key={key}
        row={rows.at(index)}
        index={index}
        columns={columns as readonly Column<unknown>[]}
        isActive={key === active}
        isChosen={props.chosen?.has(key) === true}
      />,
    )
  }

  return (
    <div
      ref={scroller}
      className="table"
      role="table"
      aria-label={props.label}
      aria-rowcount={rows.count + 1}
      tabIndex={0}
      data-opens={props.opensOnClick}
      style={
        {
          '--columns': gridTemplate(columns, layout),
          '--least-width': `${leastWidth(columns, layout)}px`,
        } as React.CSSProperties
      }
    >
      <TableHeader
        columns={columns}
        allColumns={allColumns}
        layout={layout}
        store={store}
        sort={props.sort}
        onSort={props.onSort}
        columnActs={props.columnActs}
        copyTsv={acts.copyTsv}
        copyJson={acts.copyJson}
      />
      {rows.count === 0 ? (
        // A table may own rows alone: what stands instead of them is one.
        <div role="row" aria-rowindex={2} className="table-instead">
          <div role="cell">{props.children}</div>
        </div>
      ) : (
        <div className="table-body" style={{ height: physicalHeight(extent) }}>
          <div
            className="table-window"
            role="rowgroup"
            style={{ height: Math.min(extent.viewportHeight, physicalHeight(extent)) }}
            onClick={acts.click}
            onDoubleClick={acts.doubleClick}
          >
            <div style={{ transform: `translateY(${view.firstTop}px)` }}>{drawn}</div>
          </div>
        </div>
      )}
    </div>
  )
}

interface TableRowProps {
  readonly row: unknown
  readonly index: number
  readonly columns: readonly Column<unknown>[]
  readonly isActive: boolean
  readonly isChosen: boolean
}

const TableRow = memo(function TableRow({
  row,
  index,
  columns,
  isActive,
  isChosen,
}: TableRowProps) {
  return (
    <div
      role="row"
      className="table-row"
      aria-rowindex={index + 2}
      aria-selected={isActive || isChosen}
      data-index={index}
      data-active={isActive || undefined}
      data-chosen={isChosen || undefined}
    >
      {columns.map(column => (
        <div
          key={column.id}
          role="cell"
          className={column.mono === true ? 'table-cell mono' : 'table-cell'}
          data-align={column.align}
        >
          {row === undefined ? null : column.cell(row)}
        </div>
      ))}
    </div>
  )
})
