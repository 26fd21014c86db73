/** What a refused record is told: the limit that it met, the configuration behind it, what to do. */
import type { Problem } from '../contract/define.ts'
import type { ProduceLimits } from '../contract/model/produce.ts'
import { kafkaProblem } from '../contract/problem.ts'

export interface Refusal {
  readonly error: string
  /** What the broker said, if it said anything. */
  readonly reason: string | null
  readonly topic: string
  readonly partition: number
  readonly limits: ProduceLimits | null
  /** The batch with this record alone in it. */
  readonly batchBytes: number
}

export function produceProblem(refusal: Refusal): Problem {
  const { error, reason, topic, partition } = refusal
  const place = `${topic}-${partition}`
  const said = reason ?? error.toLowerCase().replaceAll('_', ' ')
  const general = kafkaProblem(error, said.includes(place) ? said : `${place}: ${said}`)
  const special = error === 'MESSAGE_TOO_LARGE' ? tooLarge(refusal) : null
  if (special !== null) return { ...general, ...special }
  const remedy = remedyOf(refusal)
  return remedy === null ? general : { ...general, remedy }
}

function tooLarge({ topic, batchBytes, limits }: Refusal): Pick<Problem, 'message' | 'remedy'> {
  if (limits === null)
    return {
      message: `the record takes ${batchBytes} bytes as a batch, more than ${topic} allows`,
      remedy: 'Raise max.message.bytes of the topic, compress, or send less.',
    }
  const limit = limits.maxMessageBytes
  const source = limits.maxMessageBytesOfTopic
    ? `max.message.bytes of ${topic}`
    : `max.message.bytes of ${topic}, from the brokers' message.max.bytes`
  return {
    message: `the record takes ${batchBytes} bytes as a batch; ${source} allows ${limit}`,
    remedy: `Raise max.message.bytes of ${topic}, choose a stronger codec, or send less.`,
  }
}

function remedyOf({ error, limits }: Refusal): string | null {
  switch (error) {
    case 'INVALID_RECORD':
      return limits?.compacted === true
        ? 'The topic is compacted: each record needs a key.'
        : 'The broker found the record invalid: see its words.'
    case 'INVALID_TIMESTAMP':
      return (
        'The timestamp is further from now than message.timestamp.before.max.ms or ' +
        'message.timestamp.after.max.ms of the topic allow.'
      )
    case 'NOT_ENOUGH_REPLICAS':
      return 'Fewer replicas are in sync than min.insync.replicas asks for. Nothing was written.'
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      return 'It was written to the leader, but to fewer replicas than min.insync.replicas asks for.'
    case 'INVALID_TOPIC_EXCEPTION':
      return 'The topic is internal: brokers write it, clients do not.'
    case 'TOPIC_AUTHORIZATION_FAILED':
      return 'Ask for the WRITE operation on this topic.'
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return 'Ask for the IDEMPOTENT_WRITE operation on the cluster, or turn idempotence off.'
    case 'UNSUPPORTED_COMPRESSION_TYPE':
      return 'This cluster does not know the codec. Choose another.'
    case 'OUT_OF_ORDER_SEQUENCE_NUMBER':
      return 'The broker lost count of this producer. Look whether the record was written, and send it again if not.'
    default:
      return null
  }
}
