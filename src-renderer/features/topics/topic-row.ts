/** One line of the list of topics, and the order of lines. */
import type { TopicFigures, TopicSummary } from '../../../src-main/contract/model/topic.ts'
import type { RowSource, Sort } from '../../ui/table/column.ts'
import { compare, type SortValue } from '../../ui/table/sort-search.ts'

export interface TopicRow {
  readonly summary: TopicSummary
  /** Undefined until they arrive. */
  readonly figures: TopicFigures | undefined
}

/** Columns whose values have to be fetched: to order by one, all topics' are needed. */
export function needsFigures(column: string): boolean {
  return ['records', 'size', 'cleanup', 'last'].includes(column)
}

export type FiguresByName = ReadonlyMap<string, TopicFigures>

export function sortTopics(
  topics: readonly TopicSummary[],
  figures: FiguresByName,
  sort: Sort,
): readonly TopicSummary[] {
  return [...topics].sort(
    (a, b) =>
      compare(
        valueOf(a, figures.get(a.name), sort.column),
        valueOf(b, figures.get(b.name), sort.column),
        sort.direction,
      ) || (sort.column === 'name' ? 0 : compare(a.name, b.name, 'ascending')),
  )
}

/** Joins names and figures row by row, only for rows that are drawn. */
export class TopicRows implements RowSource<TopicRow> {
  readonly count: number
  readonly #topics: readonly TopicSummary[]
  readonly #figures: FiguresByName
  readonly #rows = new Map<number, TopicRow>()

  constructor(topics: readonly TopicSummary[], figures: FiguresByName) {
    this.count = topics.length
    this.#topics = topics
    this.#figures = figures
  }

  at(index: number): TopicRow | undefined {
    const summary = this.#topics[index]
    if (summary === undefined) return undefined
    let row = this.#rows.get(index)
    if (row === undefined) {
      row = { summary, figures: this.#figures.get(summary.name) }
      this.#rows.set(index, row)
    }
    return row
  }

  keyAt(index: number): string {
    return this.#topics[index]?.name ?? ''
  }

  indexOf(key: string): number {
    return this.#topics.findIndex(topic => topic.name === key)
  }
}

function valueOf(
  summary: TopicSummary,
  figures: TopicFigures | undefined,
  column: string,
): SortValue {
  switch (column) {
    case 'partitions':
      return summary.partitionCount
    case 'replicas':
      return summary.replicationFactor
    case 'outOfSync':
      return summary.underReplicatedCount
    case 'records':
      return figures?.recordCount?.count
    case 'size':
      return figures?.sizeBytes
    case 'cleanup':
      return figures?.cleanupPolicy
    case 'last':
      return figures?.lastRecordTimestampMs
    default:
      return summary.name
  }
}
