/** What is wrong with an expression, at the place where it is wrong. */
import type { ExpressionCheck } from '../../../../src-main/contract/model/search.ts'

interface ExpressionProblemProps {
  readonly expression: string
  readonly check: ExpressionCheck
}

export function ExpressionProblem({ expression, check }: ExpressionProblemProps) {
  const { problem, range } = check
  const [before, wrong, after] = cut(expression, range)
  return (
    <>
      {range !== null && (
        <code className="expression">
          {before}
          <mark>{wrong}</mark>
          {after}
        </code>
      )}
      <span>{problem?.message}</span>
    </>
  )
}

/** The wrong part is never empty: at the end of the text a blank stands for what is missing. */
function cut(text: string, range: ExpressionCheck['range']): readonly [string, string, string] {
  const from = Math.min(range?.from ?? text.length, text.length)
  const to = Math.max(range?.to ?? text.length, from + 1)
  return [text.slice(0, from), text.slice(from, to).padEnd(1, '\u00a0'), text.slice(to)]
}
