/** Topics of Kafka's own, whose records have a format that the topic's name tells. */
import type { DecoderName } from '../contract/model/decode.ts'

const decoderByTopic: Readonly<Record<string, DecoderName>> = {
  __consumer_offsets: 'consumer-offsets',
  __transaction_state: 'transaction-state',
}

export function isInternalTopic(topic: string): boolean {
  return internalDecoder(topic) !== null
}

export function internalDecoder(topic: string): DecoderName | null {
  // Nearly all topics begin otherwise.
  if (topic.charCodeAt(0) !== 0x5f) return null
  return Object.hasOwn(decoderByTopic, topic) ? (decoderByTopic[topic] ?? null) : null
}
