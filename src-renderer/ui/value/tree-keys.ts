/** Keys of a tree, as in every tree: ↑ ↓ move, ← shuts or goes to the parent, → opens or goes in. */
import type { JsonLine } from './json-lines.ts'

export type TreeAct =
  | { readonly type: 'go'; readonly index: number }
  | { readonly type: 'toggle'; readonly index: number }
  | { readonly type: 'menu'; readonly index: number }
  | { readonly type: 'copy'; readonly index: number }

export interface TreePlace {
  readonly lines: readonly JsonLine[]
  readonly active: number
  readonly pageLines: number
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Null for a key that is not the tree's. */
export function treeAct(event: Key, { lines, active, pageLines }: TreePlace): TreeAct | null {
  const line = lines[active]
  if (line === undefined || event.altKey) return null
  const go = (index: number): TreeAct => ({
    type: 'go',
    index: Math.min(Math.max(index, 0), lines.length - 1),
  })
  if (event.ctrlKey || event.metaKey)
    return event.key === 'c' ? { type: 'copy', index: active } : null
  switch (event.key) {
    case 'ArrowDown':
    case 'j':
      return go(active + 1)
    case 'ArrowUp':
    case 'k':
      return go(active - 1)
    case 'PageDown':
      return go(active + pageLines)
    case 'PageUp':
      return go(active - pageLines)
    case 'Home':
      return go(0)
    case 'End':
      return go(lines.length - 1)
    case 'ArrowRight':
      if (line.branch === null) return go(active)
      return line.branch.open ? go(active + 1) : { type: 'toggle', index: active }
    case 'ArrowLeft':
      if (line.branch?.open === true) return { type: 'toggle', index: active }
      return go(line.parent === null ? active : lines.indexOf(line.parent))
    case 'Enter':
    case 'ContextMenu':
    case 'm':
      return { type: 'menu', index: active }
    case ' ':
      return line.branch === null
        ? { type: 'menu', index: active }
        : { type: 'toggle', index: active }
    case 'F10':
      return event.shiftKey ? { type: 'menu', index: active } : null
    default:
      return null
  }
}
