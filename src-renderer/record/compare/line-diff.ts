/** Texts compared line by line: the longest common run of lines stays, the rest came or went. */
import type { DiffLine } from './json-diff.ts'

export interface Pair {
  /** Places on either side; null for what the other side lacks. */
  readonly left: number | null
  readonly right: number | null
}

/** Larger blocks are paired by place: the table of the exact way would take too much memory. */
const TABLE_CELLS_MAX = 4_000_000

export function diffLines(left: string, right: string): readonly DiffLine[] {
  const [before, after] = [left.split('\n'), right.split('\n')]
  return alignByText(before, after).map(pair => {
    const from = pair.left === null ? null : (before[pair.left] ?? '')
    const to = pair.right === null ? null : (after[pair.right] ?? '')
    const path = `${(pair.right ?? pair.left ?? 0) + 1}`
    if (from === null) return { kind: 'added', path, left: null, right: to }
    if (to === null) return { kind: 'removed', path, left: from, right: null }
    return { kind: from === to ? 'same' : 'changed', path, left: from, right: to }
  })
}

/**
 * Pairs equal texts in their order. Between equal ones, what came is paired with what went, so that
 * a change is shown as one.
 */
export function alignByText(left: readonly string[], right: readonly string[]): readonly Pair[] {
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1
  let [leftEnd, rightEnd] = [left.length, right.length]
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd -= 1
    rightEnd -= 1
  }
  const pairs: Pair[] = []
  for (let at = 0; at < start; at += 1) pairs.push({ left: at, right: at })
  const equal = commonRun(left.slice(start, leftEnd), right.slice(start, rightEnd))
  let [from, to] = [start, start]
  for (const { left: l, right: r } of [...equal, null].map(pair =>
    pair === null
      ? { left: leftEnd, right: rightEnd }
      : { left: pair[0] + start, right: pair[1] + start },
  )) {
    for (; from < l && to < r; from += 1, to += 1) pairs.push({ left: from, right: to })
    for (; from < l; from += 1) pairs.push({ left: from, right: null })
    for (; to < r; to += 1) pairs.push({ left: null, right: to })
    if (l < leftEnd) {
      pairs.push({ left: l, right: r })
      from = l + 1
      to = r + 1
    }
  }
  for (let at = 0; leftEnd + at < left.length; at += 1)
    pairs.push({ left: leftEnd + at, right: rightEnd + at })
  return pairs
}

/** The longest common subsequence, as places on both sides; empty where it would cost too much. */
function commonRun(left: readonly string[], right: readonly string[]): readonly [number, number][] {
  const [rows, columns] = [left.length, right.length]
  if (rows === 0 || columns === 0 || rows * columns > TABLE_CELLS_MAX) return []
  const width = columns + 1
  const lengths = new Uint32Array((rows + 1) * width)
  for (let row = rows - 1; row >= 0; row -= 1)
    for (let column = columns - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        left[row] === right[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!)
  const run: [number, number][] = []
  let [row, column] = [0, 0]
  while (row < rows && column < columns) {
    if (left[row] === right[column]) {
      run.push([row, column])
      row += 1
      column += 1
    } else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row += 1
    else column += 1
  }
  return run
}
