/** Asks whether an expression compiles, a moment after the last letter. */
import { useEffect, useState } from 'react'
import type { ExpressionCheck } from '../../../../src-main/contract/model/search.ts'
import { useClient } from '../../../connection/client-context.tsx'

const QUIET_MS = 180

interface Checked {
  readonly expression: string
  readonly check: ExpressionCheck
}

/** Null while nothing is wrong, or nobody knows yet. */
export function useExpressionCheck(expression: string): ExpressionCheck | null {
  const client = useClient()
  const [checked, setChecked] = useState<Checked | null>(null)
  useEffect(() => {
    if (expression === '') return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => {
      client.call('search.check-expression', { expression }, abort.signal).then(
        check => setChecked({ expression, check }),
        // Not knowing is no error of the expression; running it will say.
        () => undefined,
      )
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [client, expression])
  // What was said of another text is wrong about this one.
  if (checked === null || checked.expression !== expression || checked.check.valid) return null
  return checked.check
}
