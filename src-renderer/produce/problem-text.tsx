/** A problem in a sentence or two: what, and what to do. */
import type { Problem } from '../../src-main/contract/define.ts'
import { sayProblem } from '../i18n/problems.ts'

export function ProblemText({ problem }: { readonly problem: Problem }) {
  const { code, message, remedy } = sayProblem(problem)
  return (
    <span>
      {/* What was typed wrong has a place, and needs no name beside it. */}
      {code !== 'INVALID_INPUT' && <span className="mono">{code}: </span>}
      {message}
      {remedy !== undefined && <span className="quiet">. {remedy}</span>}
    </span>
  )
}
