/**
 * Kafka's error table, name for name and code for code. A client's behaviour hangs on these
 * numbers and on whether it may retry, so the table is data and nothing is restated elsewhere.
 */
export const errorTable = {
  UNKNOWN_SERVER_ERROR: { code: -1, retriable: false },
  NONE: { code: 0, retriable: false },
  OFFSET_OUT_OF_RANGE: { code: 1, retriable: false },
  UNKNOWN_TOPIC_OR_PARTITION: { code: 3, retriable: true },
  NOT_LEADER_OR_FOLLOWER: { code: 6, retriable: true },
  UNSUPPORTED_VERSION: { code: 35, retriable: false },
  INVALID_REQUEST: { code: 42, retriable: false },
} as const satisfies Record<string, { code: number; retriable: boolean }>

export type ErrorName = keyof typeof errorTable

/** A failure the Kafka protocol has a code for. It is expected, and it reaches the client. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError'
  readonly error: ErrorName

  constructor(error: ErrorName, message: string, options?: ErrorOptions) {
    super(`${error}: ${message}`, options)
    this.error = error
  }

  get code(): number {
    return errorTable[this.error].code
  }

  get retriable(): boolean {
    return errorTable[this.error].retriable
  }
}

const nameByCode: ReadonlyMap<number, ErrorName> = new Map(
  Object.entries(errorTable).map(([name, { code }]) => [code, name as ErrorName]),
)

/** The name behind a code on the wire; a code no table has is an unknown server error. */
export function errorName(code: number): ErrorName {
  return nameByCode.get(code) ?? 'UNKNOWN_SERVER_ERROR'
}

export function errorCode(name: ErrorName): number {
  return errorTable[name].code
}
