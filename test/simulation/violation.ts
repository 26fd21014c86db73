/** A rule that the engine broke; the message says which, and with what values. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

export function hold(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new Violation(rule)
}
