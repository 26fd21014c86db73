/** A bug of ours: state that the code holds to be impossible. It ends the worker it happens in. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** States an invariant, in words, as a fact. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(invariant)
}

/** Ends a `switch` over a union: a new member of the union then fails to compile. */
export function assertNever(value: never): never {
  throw new AssertionError(`no case handles ${JSON.stringify(value)}`)
}
