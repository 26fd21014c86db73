/** A JSON document as the lines of a tree, with branches that can be shut. */
import type { JsonValue } from '../../../src-main/contract/exact-json.ts'
import {
  writeFieldPath,
  type FieldPath,
  type FieldStep,
} from '../../../src-main/contract/field-path.ts'

export interface JsonLine {
  readonly depth: number
  readonly name: string | null
  /** Array places are not keys, and look different. */
  readonly isIndex: boolean
  readonly value: JsonValue
  /** For branches: shut or open, and how many children it has. */
  readonly branch: { readonly open: boolean; readonly childCount: number } | null
  /** Identifies the line: the places of its ancestors. */
  readonly id: string
  /** The branch that it stands in; null for the whole. */
  readonly parent: JsonLine | null
}

/** Branches deeper than this begin shut in a large document. */
const OPEN_DEPTH_LARGE = 2
const LARGE_NODE_COUNT = 2_000

/** `toggled` holds the ids of branches that are not as they began. */
export function jsonLines(root: JsonValue, toggled: ReadonlySet<string>): readonly JsonLine[] {
  const large = nodeCount(root, LARGE_NODE_COUNT) >= LARGE_NODE_COUNT
  const lines: JsonLine[] = []
  const add = (value: JsonValue, line: Omit<JsonLine, 'value' | 'branch'>): void => {
    const children = childrenOf(value)
    if (children === null) {
      lines.push({ ...line, value, branch: null })
      return
    }
    const beginsOpen = !large || line.depth < OPEN_DEPTH_LARGE
    const open = beginsOpen !== toggled.has(line.id)
    const parent: JsonLine = {
      ...line,
      value,
      branch: { open, childCount: children.length },
    }
    lines.push(parent)
    if (!open) return
    children.forEach(({ name, value: child }, place) =>
      add(child, {
        name,
        isIndex: value.type === 'array',
        depth: line.depth + 1,
        id: `${line.id}.${place}`,
        parent,
      }),
    )
  }
  add(root, { depth: 0, name: null, isIndex: false, id: '', parent: null })
  return lines
}

/** Where a line's value stands in its document. */
export function pathOf(line: JsonLine): FieldPath {
  const steps: FieldStep[] = []
  for (let each: JsonLine | null = line; each !== null; each = each.parent)
    if (each.name !== null)
      steps.push(
        each.isIndex
          ? { type: 'place', place: Number(each.name) }
          : { type: 'key', key: each.name },
      )
  return steps.reverse()
}

/** The same as text; `$` for the whole. */
export function pathText(line: JsonLine): string {
  return writeFieldPath(pathOf(line)) || '$'
}

function childrenOf(value: JsonValue): readonly { name: string; value: JsonValue }[] | null {
  if (value.type === 'object')
    return value.entries.map(entry => ({ name: entry.key, value: entry.value }))
  if (value.type === 'array')
    return value.items.map((item, place) => ({ name: String(place), value: item }))
  return null
}

/** Counts up to a limit and no further. */
function nodeCount(root: JsonValue, limit: number): number {
  let count = 0
  const open: JsonValue[] = [root]
  while (open.length > 0 && count < limit) {
    const value = open.pop()
    count += 1
    if (value?.type === 'object') for (const entry of value.entries) open.push(entry.value)
    if (value?.type === 'array') for (const item of value.items) open.push(item)
  }
  return count
}
