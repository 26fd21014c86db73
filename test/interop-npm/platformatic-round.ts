/**
 * @platformatic/kafka: arguments bootstrap and a prefix. Says what it saw as JSON lines; judges
 * nothing. It runs in a process of its own for another reason too: one malformed LZ4 or Snappy
 * frame leaves its codec broken for the rest of the thread's life.
 */
import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'

const [bootstrap, prefix] = process.argv.slice(2) as [string, string]
const topic = `${prefix}-platformatic`
const groupId = `${prefix}-platformatic-group`
const base = { clientId: 'platformatic', bootstrapBrokers: bootstrap.split(',') }
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

function say(step: string, facts: object): void {
  console.log(JSON.stringify({ step, ...facts }))
}

const admin = new Admin(base)
const created = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
say('create', { partitions: created[0]!.partitions })
const again = admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
say('create again', { error: await again.then(() => null, idsIn) })

const producer = new Producer({
  ...base,
  serializers: stringSerializers,
  idempotent: true,
  acks: -1,
})
for (const compression of codecs) {
  const messages = Array.from({ length: 50 }, (_, n) => ({
    topic,
    key: `k${n}`,
    value: `${compression}-${n}`,
    headers: { codec: compression },
    partition: n % 2,
  }))
  await producer.send({ messages, compression })
}
await producer.close()
say('produced', { count: codecs.length * 50 })

const consumer = new Consumer({ ...base, groupId, deserializers: stringDeserializers })
const stream = await consumer.consume({
  topics: [topic],
  mode: MessagesStreamModes.EARLIEST,
  autocommit: false,
  sessionTimeout: 10_000,
  heartbeatInterval: 500,
})
const values = new Set<string>()
const headers = new Set<string>()
for await (const message of stream) {
  values.add(message.value)
  headers.add(message.headers.get('codec')!)
  await message.commit()
  if (values.size === codecs.length * 50) break
}
say('consumed', { values: values.size, headers: [...headers].sort() })
await consumer.close(true)

const groups = await admin.describeGroups({ groups: [groupId] })
say('group', { state: groups.get(groupId)!.state })
await admin.deleteGroups({ groups: [groupId] })
await admin.deleteTopics({ topics: [topic] })
say('deleted', { listed: (await admin.listTopics()).includes(topic) })
await admin.close()

/** Kafka's names of the errors inside the client's own. */
function idsIn(error: Error & { errors?: unknown[]; apiId?: string }): string[] {
  if (error.apiId !== undefined) return [error.apiId]
  return (error.errors ?? []).flatMap(each => idsIn(each as Error))
}
