/** Assignments as a person types them: `orders-3: 2,1,3`, a line each. */
import type { Assignment } from '../../src-main/contract/model/replication.ts'

export type ReadLines =
  | { readonly type: 'assignments'; readonly assignments: readonly Assignment[] }
  /** The first line that is none, counted from 1. */
  | { readonly type: 'wrong'; readonly line: number }

/** Empty lines are passed over. A topic's name may hold dashes: the last one comes before the number. */
export function readAssignments(text: string): ReadLines {
  const assignments: Assignment[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const found = /^\s*(\S{1,249})-(\d{1,7})\s*:\s*(\d{1,9}(?:\s*,\s*\d{1,9})*)\s*$/.exec(line)
    if (found === null) return { type: 'wrong', line: index + 1 }
    const [, topic = '', partition = '', replicas = ''] = found
    assignments.push({
      topic,
      partition: Number(partition),
      replicas: replicas.split(',').map(Number),
    })
  }
  return { type: 'assignments', assignments }
}
