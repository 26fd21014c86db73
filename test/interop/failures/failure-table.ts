/** The matrix as a table in markdown, clusters side by side. */
import type { Cell, CellResult } from './failure-cell.ts'

export interface Row {
  readonly cell: Cell
  /** One for each cluster, in the order of the names; null where it was not run. */
  readonly results: readonly (CellResult | null)[]
}

const measures: readonly (readonly [string, (result: CellResult) => string])[] = [
  ['acknowledged', result => result.acknowledged.toLocaleString('en-US')],
  ['lost', result => String(result.lost)],
  ['twice in the log', result => String(result.duplicated)],
  ['not given to the consumer', result => String(result.unread)],
  ['given again', result => String(result.rereadCount)],
  ['no leader answers', result => seconds(result.withoutLeaderMs)],
  ['no acknowledgement', result => seconds(result.silenceMs)],
  [
    'in sync after healing',
    result => (result.inSyncAfterMs === null ? 'not in time' : seconds(result.inSyncAfterMs)),
  ],
  ['errors', result => [...result.errors].map(([name, times]) => `${times} ${name}`).join(', ')],
]

export function failureTable(names: readonly string[], rows: readonly Row[]): string {
  const heads = measures.flatMap(([measure]) => names.map(name => `${measure}, ${name}`))
  const lines = rows.map(({ cell, results }) => [
    `${cell.target}: ${cell.fault}, acks=${cell.acks}`,
    ...measures.flatMap(([, tell]) =>
      results.map(result => (result === null ? '–' : tell(result) || '–')),
    ),
  ])
  return [['fault', ...heads], ['---', ...heads.map(() => '---:')], ...lines]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`
}
