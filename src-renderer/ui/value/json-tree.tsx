/** A JSON document as a tree: exact numbers, repeated keys, branches that shut, any size. */
import { Menu } from '@mantine/core'
import { ChevronRight } from 'lucide-react'
import { memo, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { printJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import { t } from '../../i18n/i18n.ts'
import { copyText } from '../copy-text.ts'
import { physicalHeight, windowAt } from '../table/scaled-scroll.ts'
import { useRowScroller } from '../table/row-scroller.ts'
import { useLatest } from '../use-latest.ts'
import { jsonLines, pathText, type JsonLine } from './json-lines.ts'
import { treeAct } from './tree-keys.ts'
import './value.css'

const LINE_HEIGHT_PX = 20
/** Up to here lines are drawn whole and may wrap; beyond, only the visible ones, one line each. */
const WHOLE_LINES_MAX = 1_500
const TEXT_CHARS_MAX = 20_000
const MENU_TEXT_CHARS_MAX = 40

interface JsonTreeProps {
  readonly value: JsonValue
  /** Further acts on a line, as menu items; they stand before those of copying. */
  readonly menuOf?: (line: JsonLine) => ReactNode
}

export function JsonTree({ value, menuOf }: JsonTreeProps) {
  const tree = useTree(value)
  const { lines, active } = tree
  const element = useRef<HTMLDivElement>(null)
  const windowed = lines.length > WHOLE_LINES_MAX
  const { position, extent, showRow } = useRowScroller(
    element,
    windowed ? lines.length : 0,
    LINE_HEIGHT_PX,
    0,
  )
  const show = (index: number) => {
    if (windowed) showRow(index)
    else
      element.current?.querySelector(`[data-line="${index}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const height = event.currentTarget.clientHeight
    const pageLines = Math.max(1, Math.floor(height / LINE_HEIGHT_PX) - 1)
    const act = treeAct(event, { lines, active, pageLines })
    if (act === null || (event.target as Element).closest('[role=menu]') !== null) return
    if (act.type === 'copy' && document.getSelection()?.isCollapsed === false) return
    event.preventDefault()
    event.stopPropagation()
    const line = lines[act.index]
    if (act.type === 'go') {
      tree.acts.activate(act.index)
      show(act.index)
    } else if (act.type === 'toggle') tree.acts.toggle(act.index)
    else if (act.type === 'menu') tree.acts.openMenu(act.index)
    else if (line !== undefined) void copyText(copyOf(line.value))
  }
  const lineAt = (index: number) => {
    const line = lines[index]
    if (line === undefined) return null
    return (
      <TreeLine
        key={line.id}
        line={line}
        index={index}
        isActive={index === active}
        menu={
          index === tree.menu ? (
            <LineMenu line={line} items={menuOf?.(line)} close={tree.acts.closeMenu} />
          ) : null
        }
        acts={tree.acts}
      />
    )
  }
  const view = windowAt(position, extent, 10)
  const drawn = windowed
    ? Array.from({ length: view.end - view.first }, (_, place) => lineAt(view.first + place))
    : lines.map((_, index) => lineAt(index))
  return (
    <div
      ref={element}
      className="json-tree"
      data-windowed={windowed || undefined}
      role="tree"
      aria-label={t('value.tree')}
      aria-activedescendant={`json-line-${active}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {windowed ? (
        <div style={{ height: physicalHeight(extent) }}>
          <div className="json-window" style={{ height: extent.viewportHeight }}>
            <div style={{ transform: `translateY(${view.firstTop}px)` }}>{drawn}</div>
          </div>
        </div>
      ) : (
        drawn
      )}
    </div>
  )
}

interface LineActs {
  readonly toggle: (index: number) => void
  readonly openMenu: (index: number) => void
  readonly closeMenu: () => void
  readonly activate: (index: number) => void
}

function useTree(value: JsonValue) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  // Both are of one document: another begins at its first line, without a menu.
  const [cursor, setCursor] = useState({ value, index: 0 })
  const [opened, setOpened] = useState<{ value: JsonValue; index: number } | null>(null)
  const lines = useMemo(() => jsonLines(value, toggled), [value, toggled])
  const latest = useLatest({ lines, toggled, value })
  const [acts] = useState<LineActs>(() => ({
    activate: index => setCursor({ value: latest.current.value, index }),
    openMenu: index => {
      setCursor({ value: latest.current.value, index })
      setOpened({ value: latest.current.value, index })
    },
    closeMenu: () => setOpened(null),
    toggle: index => {
      const id = latest.current.lines[index]?.id
      if (id === undefined) return
      const next = new Set(latest.current.toggled)
      if (!next.delete(id)) next.add(id)
      setToggled(next)
      setCursor({ value: latest.current.value, index })
    },
  }))
  return {
    lines,
    active: cursor.value === value ? Math.min(cursor.index, lines.length - 1) : 0,
    menu: opened?.value === value ? opened.index : null,
    acts,
  }
}

interface TreeLineProps {
  readonly line: JsonLine
  readonly index: number
  readonly isActive: boolean
  readonly menu: ReactNode
  readonly acts: LineActs
}

const TreeLine = memo(function TreeLine({ line, index, isActive, menu, acts }: TreeLineProps) {
  const { branch, name, value } = line
  return (
    <div
      id={`json-line-${index}`}
      className="json-line"
      role="treeitem"
      data-line={index}
      data-active={isActive || undefined}
      data-menu={menu !== null || undefined}
      aria-level={line.depth + 1}
      aria-expanded={branch?.open}
      aria-selected={isActive}
      style={{ paddingLeft: line.depth * 14 }}
      onPointerDown={() => acts.activate(index)}
      onContextMenu={event => {
        event.preventDefault()
        acts.openMenu(index)
      }}
    >
      {branch === null ? (
        <span className="json-leaf" />
      ) : (
        <button
          type="button"
          className="json-toggle"
          tabIndex={-1}
          aria-label={branch.open ? t('value.shut') : t('value.open')}
          onClick={() => acts.toggle(index)}
        >
          <ChevronRight size={12} aria-hidden style={{ rotate: branch.open ? '90deg' : '0deg' }} />
        </button>
      )}
      <span className="json-content">
        {menu}
        {name !== null && (
          <button
            type="button"
            tabIndex={-1}
            className={line.isIndex ? 'json-name json-index' : 'json-name json-key'}
            title={t('value.actsOn', { path: pathText(line) })}
            onClick={() => acts.openMenu(index)}
          >
            {name === '' ? '""' : name}
            <span className="json-mark">: </span>
          </button>
        )}
        {branch === null ? (
          <span className="json-value" onClick={() => openUnlessMarked(() => acts.openMenu(index))}>
            <Leaf value={value} />
          </span>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            className="json-summary"
            onClick={() => acts.toggle(index)}
          >
            {value.type === 'array'
              ? t('value.items', { count: branch.childCount })
              : t('value.fields', { count: branch.childCount })}
          </button>
        )}
      </span>
    </div>
  )
})

/** Marking text with the mouse ends in a click too, and then nothing is to open. */
function openUnlessMarked(open: () => void): void {
  if (document.getSelection()?.isCollapsed !== false) open()
}

interface LineMenuProps {
  readonly line: JsonLine
  readonly items: ReactNode
  readonly close: () => void
}

function LineMenu({ line, items, close }: LineMenuProps) {
  return (
    <Menu opened onChange={close} onClose={close} position="bottom-start" returnFocus={false}>
      <Menu.Target>
        <span className="json-menu-at" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className="mono">{pathText(line)}</Menu.Label>
        {items}
        <Menu.Item onClick={() => void copyText(copyOf(line.value))}>
          {line.branch === null
            ? t('value.copyValue', { value: shortOf(line.value) })
            : t('value.copyBranch')}
        </Menu.Item>
        <Menu.Item onClick={() => void copyText(pathText(line))}>{t('value.copyPath')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Leaf({ value }: { readonly value: JsonValue }) {
  switch (value.type) {
    case 'string':
      return (
        <bdi className="json-string">
          "{value.value.slice(0, TEXT_CHARS_MAX)}
          {value.value.length > TEXT_CHARS_MAX && '…'}"
        </bdi>
      )
    case 'number':
      return <span className="json-number">{value.text}</span>
    case 'word':
      return <span className="json-word">{value.text}</span>
    default:
      return null
  }
}

/** A string is copied without its quotes, anything else as JSON. */
function copyOf(value: JsonValue): string {
  return value.type === 'string' ? value.value : printJson(value)
}

/** For menus. */
export function shortOf(value: JsonValue): string {
  const text = copyOf(value)
  return text.length > MENU_TEXT_CHARS_MAX ? `${text.slice(0, MENU_TEXT_CHARS_MAX)}…` : text
}
