/**
 * The requests, in the order they are sent. Those that change something use names of their own for
 * each version, so that every version meets the same state.
 */
import type { Fields, InputOf, Message, ValueOf } from '../../../engine/protocol/schema.ts'

/** What earlier answers of the same cluster gave. */
export class Context {
  readonly #kept = new Map<string, string>()

  keep(name: string, value: string): void {
    this.#kept.set(name, value)
  }

  kept(name: string): string {
    return this.#kept.get(name) ?? ''
  }
}

export interface Case {
  readonly name: string
  readonly request: Message<any>
  readonly response: Message<any>
  readonly versions: readonly number[]
  readonly body: (version: number, context: Context) => Uint8Array
  readonly after: (answer: any, context: Context) => void
}

export interface CaseOptions<Q extends Fields, R extends Fields> {
  readonly request: Message<Q>
  readonly response: Message<R>
  /** Only these; every version that both declare when not given. */
  readonly from?: number
  readonly to?: number
  readonly body: (version: number, context: Context) => InputOf<Q>
  readonly after?: (answer: ValueOf<R>, context: Context) => void
}

export function requestCase<Q extends Fields, R extends Fields>(
  name: string,
  options: CaseOptions<Q, R>,
): Case {
  const { request, response } = options
  const [first, last] = request.versions
  const versions = Array.from({ length: last - first + 1 }, (_, n) => first + n)
  return {
    name,
    request,
    response,
    versions: versions.filter(
      version => version >= (options.from ?? first) && version <= (options.to ?? last),
    ),
    body: (version, context) => request.encode(options.body(version, context), version),
    after: options.after ?? (() => {}),
  }
}

/** A request whose body is not what its API says. */
export function rawCase(
  name: string,
  request: Message<any>,
  response: Message<any>,
  version: number,
  bytes: (context: Context) => Uint8Array,
): Case {
  return {
    name,
    request,
    response,
    versions: [version],
    body: (_version, context) => bytes(context),
    after: () => {},
  }
}
