/**
 * Which topic names are legal, and which of them collide: metric names replace `.` by `_`, so
 * `a.b` and `a_b` may not both exist. The index makes that check cost the same with 10,000 topics.
 */
import { KafkaError } from '../protocol/errors.ts'

export const TOPIC_NAME_LENGTH_MAX = 249

/** Topics of Kafka's own. Clients read them, and only brokers write them. */
export const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])

/** The metadata log is stored as a topic is, and is none. */
export const METADATA_TOPIC = '__cluster_metadata'
/** Kafka's reserved id of it. */
export const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** Says what is wrong with a name, or null when nothing is. */
export function topicNameComplaint(name: string): string | null {
  if (name === '') return 'a topic name may not be empty'
  if (name === '.' || name === '..') return `a topic may not be named '${name}'`
  if (name.length > TOPIC_NAME_LENGTH_MAX)
    return (
      `topic name '${name.slice(0, 40)}…' has ${name.length} characters, ` +
      `more than ${TOPIC_NAME_LENGTH_MAX}`
    )
  const strange = /[^A-Za-z0-9._-]/u.exec(name)
  if (strange !== null)
    return (
      `topic name '${name}' holds '${strange[0]}': ` +
      "only letters of ASCII, digits, '.', '_' and '-' may be used"
    )
  return null
}

export class TopicNames {
  /** Names with `.` or `_` by the name that they all have in metrics. */
  readonly #byMetricName = new Map<string, Set<string>>()

  add(name: string): void {
    if (!/[._]/.test(name)) return
    const metricName = metricNameOf(name)
    const names = this.#byMetricName.get(metricName)
    if (names === undefined) this.#byMetricName.set(metricName, new Set([name]))
    else names.add(name)
  }

  delete(name: string): void {
    const metricName = metricNameOf(name)
    const names = this.#byMetricName.get(metricName)
    names?.delete(name)
    if (names?.size === 0) this.#byMetricName.delete(metricName)
  }

  /** The topic that another name would collide with, or null. */
  collision(name: string): string | null {
    for (const other of this.#byMetricName.get(metricNameOf(name)) ?? [])
      if (other !== name) return other
    return null
  }
}

/** Fails with INVALID_TOPIC_EXCEPTION for a name that no topic may have beside those there are. */
export function validateTopicName(name: string, names: TopicNames): void {
  const complaint = topicNameComplaint(name)
  if (complaint !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', complaint)
  const other = names.collision(name)
  if (other !== null)
    throw new KafkaError(
      'INVALID_TOPIC_EXCEPTION',
      `topic '${name}' collides with topic '${other}': in metric names '.' and '_' are the same`,
    )
}

function metricNameOf(name: string): string {
  return name.replaceAll('.', '_')
}
