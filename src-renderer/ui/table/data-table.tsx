/**
 * The one table of the application: virtual at any length, with real table roles, keyboard,
 * resizable and hideable columns, a row cursor, and rows chosen for an act.
 */
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type MouseEvent,
  type ReactNode,
} from 'react'
import { t } from '../../i18n/i18n.ts'
import { copyText } from '../copy-text.ts'
import { useStore } from '../store.ts'
import type { Column, RowSource, Sort } from './column.ts'
import { rowsAsJson, rowsAsTsv } from './copy-rows.ts'
import { physicalHeight, windowAt } from './scaled-scroll.ts'
import { TableHeader } from './table-header.tsx'
import { gridTemplate, isShown, leastWidth, TableLayout } from './table-layout.ts'
import { useScaledScroll } from './use-scaled-scroll.ts'
import { useTableKeys } from './use-table-keys.ts'
import './table.css'

const ROW_HEIGHT_PX = 28
/** Rows are drawn together with the scroll, never after it, so next to none are drawn ahead. */
const OVERSCAN_ROWS = 2
const COPY_ROWS_MAX = 10_000

export interface DataTableProps<Row> {
  /** Names the table for its kept layout, and to assistive technology through `label`. */
  readonly id: string
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: RowSource<Row>
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
  const store = useMemo(() => new TableLayout(props.id, localStorage), [props.id])
  const layout = useStore(store)
  const columns = useMemo(
    () => allColumns.filter(column => isShown(column, layout)),
    [allColumns, layout],
  )
  const { position, extent, showRow } = useScaledScroll(
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

  const acts = useRowActs(props, columns, showRow)
  useTableKeys(
    scroller,
    {
      rowCount: rows.count,
      active: active === null ? -1 : rows.indexOf(active),
      pageRows: Math.max(1, Math.floor(extent.viewportHeight / ROW_HEIGHT_PX) - 1),
      ...acts.keys,
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
        copyTsv={acts.copyTsv}
        copyJson={acts.copyJson}
      />
      {rows.count === 0 ? (
        <div className="table-instead">{props.children}</div>
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

/** What clicks, keys and the header's menu do to the rows. */
function useRowActs<Row>(
  props: DataTableProps<Row>,
  columns: readonly Column<Row>[],
  showRow: (row: number) => void,
) {
  const latest = useRef({ props, columns })
  latest.current = { props, columns }
  const anchor = useRef(-1)

  const rowsToCopy = useCallback((): Row[] => {
    const { rows, chosen, active } = latest.current.props
    const keys = chosen !== undefined && chosen.size > 0 ? [...chosen] : []
    if (keys.length === 0 && typeof active === 'string') keys.push(active)
    const places = keys.map(key => rows.indexOf(key)).filter(index => index >= 0)
    if (places.length === 0)
      for (let i = 0; i < Math.min(rows.count, COPY_ROWS_MAX); i += 1) places.push(i)
    return places.map(index => rows.at(index)).filter(row => row !== undefined)
  }, [])

  const copyTsv = useCallback(
    () => void copyText(rowsAsTsv(rowsToCopy(), latest.current.columns), t('table.copied')),
    [rowsToCopy],
  )
  const copyJson = useCallback(
    () => void copyText(rowsAsJson(rowsToCopy(), latest.current.columns), t('table.copied')),
    [rowsToCopy],
  )

  return useMemo(() => {
    const toggle = (from: number, to: number) => {
      const { rows, chosen, onChoose } = latest.current.props
      if (onChoose === undefined || chosen === undefined) return
      const next = new Set(chosen)
      const target = rows.keyAt(to)
      const adds = !next.has(target)
      for (let i = Math.min(from, to); i <= Math.max(from, to); i += 1)
        if (adds) next.add(rows.keyAt(i))
        else next.delete(rows.keyAt(i))
      anchor.current = to
      onChoose(next)
    }
    const activate = (index: number) => {
      const { rows, onActive } = latest.current.props
      onActive?.(rows.keyAt(index))
      showRow(index)
    }
    const open = (index: number) => {
      const { rows, onOpen } = latest.current.props
      onOpen?.(rows.keyAt(index))
    }
    const keys = {
      move: (index: number, extend: boolean) => {
        if (extend) toggle(index, index)
        activate(index)
      },
      open,
      clear: () => {
        const { chosen, onChoose, onActive } = latest.current.props
        if (chosen !== undefined && chosen.size > 0) onChoose?.(new Set())
        else onActive?.(null)
      },
      choose: (index: number) => toggle(index, index),
      filter: () => latest.current.props.onFilter?.(),
      copy: copyTsv,
    }
    const click = (event: MouseEvent) => {
      const index = indexOf(event)
      if (index < 0 || (document.getSelection()?.toString() ?? '') !== '') return
      const picks = (event.target as Element).closest('[data-picks]') !== null
      if (event.shiftKey && anchor.current >= 0) return toggle(anchor.current, index)
      if (picks || event.metaKey || event.ctrlKey) return toggle(index, index)
      anchor.current = index
      activate(index)
      if (latest.current.props.opensOnClick === true) open(index)
      return undefined
    }
    const doubleClick = (event: MouseEvent) => {
      const index = indexOf(event)
      if (index >= 0 && latest.current.props.opensOnClick !== true) open(index)
    }
    return { keys, click, doubleClick, copyTsv, copyJson }
  }, [copyTsv, copyJson, showRow])
}

function indexOf(event: MouseEvent): number {
  const target = event.target as Element
  if (target.closest('a, button, input') !== null && target.closest('[data-picks]') === null)
    return -1
  const row = target.closest<HTMLElement>('[data-index]')
  return row === null ? -1 : Number(row.dataset.index)
}
