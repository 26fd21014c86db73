/**
 * The keys of a list: j k ↑ ↓, Page Up and Down, Home and End move; Enter opens; Esc lets go;
 * x chooses; / filters; copy copies. They work when the table has the focus, and for the table
 * that a page is about, also when nothing else does.
 */
import { useEffect, type RefObject } from 'react'
import { useLatest } from '../use-latest.ts'

export interface TableKeys {
  readonly rowCount: number
  readonly active: number
  readonly pageRows: number
  readonly move: (index: number, extend: boolean) => void
  readonly open: (index: number) => void
  readonly clear: () => void
  readonly choose: (index: number) => void
  readonly filter: () => void
  readonly copy: () => void
}

export function useTableKeys(
  table: RefObject<HTMLElement | null>,
  keys: TableKeys,
  isMain: boolean,
): void {
  const latest = useLatest(keys)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isForTable(event, table.current, isMain)) return
      if (handle(event, latest.current)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [table, isMain, latest])
}

function isForTable(event: KeyboardEvent, table: HTMLElement | null, isMain: boolean): boolean {
  if (event.defaultPrevented || event.altKey || table === null) return false
  const target = event.target instanceof Element ? event.target : null
  if (target === null) return false
  if (target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]'))
    return false
  if (table.contains(target))
    return event.key !== 'Enter' || target.closest('button, a') === null || target === table
  if (!isMain || document.querySelector('[role=dialog]') !== null) return false
  const isControl = target.closest('button, a, [role=tab], [role=table], [role=tree]') !== null
  // A focused button keeps Enter, but arrows may still move the list behind it.
  return (
    !isControl || (event.key !== 'Enter' && target.closest('[role=table], [role=tree]') === null)
  )
}

function handle(event: KeyboardEvent, keys: TableKeys): boolean {
  const { rowCount, active, pageRows } = keys
  if (event.metaKey || event.ctrlKey) {
    const nothingMarked = (document.getSelection()?.toString() ?? '') === ''
    if (event.key !== 'c' || !nothingMarked) return false
    keys.copy()
    return true
  }
  const go = (index: number): boolean => {
    if (rowCount > 0) keys.move(Math.min(Math.max(index, 0), rowCount - 1), event.shiftKey)
    return true
  }
  switch (event.key) {
    case 'j':
    case 'J':
    case 'ArrowDown':
      return go(active + 1)
    case 'k':
    case 'K':
    case 'ArrowUp':
      return go(active < 0 ? 0 : active - 1)
    case 'PageDown':
      return go(Math.max(active, 0) + pageRows)
    case 'PageUp':
      return go(active - pageRows)
    case 'Home':
      return go(0)
    case 'End':
      return go(rowCount - 1)
    case 'Enter':
      if (active >= 0) keys.open(active)
      return active >= 0
    case 'Escape':
      keys.clear()
      return false
    case 'x':
      if (active >= 0) keys.choose(active)
      return active >= 0
    case '/':
      keys.filter()
      return true
    default:
      return false
  }
}
