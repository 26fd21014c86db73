/** Turns what was thrown into a `Problem`: what it is, where, and what to do about it. */
import { KafkaError } from '../../engine/protocol/errors.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { ContractError, type Problem } from './define.ts'

export function problemOf(error: unknown): Problem {
  if (error instanceof ContractError) return error.problem
  if (error instanceof KafkaError) return kafkaProblem(error.error, error.message)
  if (error instanceof OperationalError)
    return { code: 'UNREACHABLE', message: error.message, details: detailsOf(error) }
  if (error instanceof Error && error.name === 'AbortError') return cancelled
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a mistake in Odradek. Copy the details into a report.',
    details: detailsOf(error),
  }
}

const silences: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
])

/** Whether whoever was asked did not answer: any other error is an answer, of one who is there. */
export function isSilence({ code }: Problem): boolean {
  return silences.has(code)
}

export const cancelled: Problem = { code: 'CANCELLED', message: 'nobody waits for it any more' }

/** A problem for an error code inside a response, which `message` places: `topic orders`. */
export function kafkaProblem(error: string, message: string): Problem {
  const text = message.startsWith(`${error}: `) ? message.slice(error.length + 2) : message
  const remedy = remedies[error]
  return { code: error, message: text, ...(remedy === undefined ? {} : { remedy }) }
}

/** What a person can do, by Kafka's error name; nothing where there is nothing to do. */
const remedies: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'It may have been deleted. Look at the topic list again.',
  UNKNOWN_TOPIC_ID: 'It was deleted, and may exist anew under the same name. Open it again.',
  TOPIC_ALREADY_EXISTS: 'Choose another name.',
  INVALID_TOPIC_EXCEPTION:
    'A name has 1 to 249 letters, digits, dots, underscores or dashes, and is not "." or "..".',
  INVALID_REPLICATION_FACTOR: 'Choose a smaller one.',
  LEADER_NOT_AVAILABLE: 'Its broker is not running. Start it, or wait for an election.',
  NOT_LEADER_OR_FOLLOWER: 'Leadership has just moved. Try again.',
  OFFSET_OUT_OF_RANGE: 'Retention or a deletion removed it. Begin at the oldest record.',
  COORDINATOR_NOT_AVAILABLE: 'The coordinator is starting. Try again in a moment.',
  COORDINATOR_LOAD_IN_PROGRESS: 'The coordinator is still reading its log. Try again.',
  TOPIC_AUTHORIZATION_FAILED: 'Ask for the DESCRIBE and READ operations on this topic.',
  GROUP_AUTHORIZATION_FAILED: 'Ask for the DESCRIBE operation on this group.',
  CLUSTER_AUTHORIZATION_FAILED: 'Ask for this operation on the cluster.',
  TOPIC_DELETION_DISABLED: 'Set delete.topic.enable=true on the brokers.',
  POLICY_VIOLATION: 'The cluster has a policy against it: see its message.',
  UNSUPPORTED_VERSION: 'This cluster is too old for it.',
  NETWORK_EXCEPTION: 'The broker went away. It is asked again when it is back.',
  BROKER_NOT_AVAILABLE: 'The broker is not running. Start it, or wait until it is back.',
  REQUEST_TIMED_OUT: 'The broker was too slow to answer. Try again.',
  KAFKA_STORAGE_ERROR: 'A disk of the broker refuses its work. See its log folders.',
}

function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${detailsOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
