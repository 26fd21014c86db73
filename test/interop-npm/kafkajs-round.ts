/** kafkajs: arguments bootstrap and a prefix. Says what it saw as JSON lines; judges nothing. */
import { CompressionTypes, Kafka, logLevel, type EachMessagePayload } from 'kafkajs'

const [bootstrap, prefix] = process.argv.slice(2) as [string, string]
const topic = `${prefix}-kafkajs`
const groupId = `${prefix}-kafkajs-group`
const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
const admin = kafka.admin()
await admin.connect()

function say(step: string, facts: object): void {
  console.log(JSON.stringify({ step, ...facts }))
}

async function errorOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call
    return null
  } catch (error) {
    // kafkajs wraps what the broker said for each topic.
    const inner = (error as { errors?: Error[] }).errors?.[0] ?? error
    return (inner as { type?: string }).type ?? String(inner)
  }
}

const wide = { topic: `${topic}-wide`, numPartitions: 1, replicationFactor: 9 }
const configEntries = [{ name: 'retention.ms', value: '1234567' }]
const wanted = { topic, numPartitions: 3, replicationFactor: 1, configEntries }
say('create', { created: await admin.createTopics({ topics: [wanted], waitForLeaders: true }) })
say('create again', { created: await admin.createTopics({ topics: [wanted] }) })
say('wide', { error: await errorOf(admin.createTopics({ topics: [wide] })) })
await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] })
const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
say('metadata', { partitions: metadata.topics[0]!.partitions.length })
const described = await admin.describeConfigs({
  includeSynonyms: false,
  resources: [{ type: 2, name: topic, configNames: ['retention.ms'] }],
})
say('config', { entries: described.resources[0]!.configEntries.map(each => each.configValue) })

const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
await producer.connect()
const codecs = [CompressionTypes.None, CompressionTypes.GZIP]
for (const [n, compression] of codecs.entries()) {
  const messages = Array.from({ length: 100 }, (_, m) => ({
    key: `k${m}`,
    value: `v${n}-${m}`,
    headers: { codec: String(compression) },
    partition: m % 4,
    timestamp: String(1_700_000_000_000 + n * 100_000 + m),
  }))
  await producer.send({ topic, messages, compression, acks: -1 })
}
await producer.disconnect()
const ends = await admin.fetchTopicOffsets(topic)
say('ends', { high: ends.map(each => each.high).sort(), low: ends.map(each => each.low).sort() })
const byTime = await admin.fetchTopicOffsetsByTimestamp(topic, 1_700_000_100_000)
say('by time', { offsets: byTime.map(each => each.offset) })

// Two members; each hears of its share, and together they read every record once.
const read: EachMessagePayload[] = []
const shares: number[][] = [[], []]
const consumers = [0, 1].map(() =>
  kafka.consumer({ groupId, heartbeatInterval: 300, maxWaitTimeInMs: 200 }),
)
for (const [n, consumer] of consumers.entries()) {
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    shares[n] = payload.memberAssignment[topic] ?? []
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async payload => void read.push(payload) })
}
await until(() => read.length >= 200 && shares.every(share => share.length === 2))
say('shared', {
  partitions: shares.flat().sort((a, b) => a - b),
  values: new Set(read.map(each => String(each.message.value))).size,
  headers: [...new Set(read.map(each => String(each.message.headers!['codec'])))].sort(),
})
const groups = await admin.describeGroups([groupId])
say('group', { state: groups.groups[0]!.state, members: groups.groups[0]!.members.length })
await Promise.all(consumers.map(consumer => consumer.disconnect()))
const offsets = await admin.fetchOffsets({ groupId, topics: [topic] })
say('committed', { offsets: offsets[0]!.partitions.map(each => each.offset) })
await admin.resetOffsets({ groupId, topic, earliest: true })
const reset = await admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets: true })
say('reset', { offsets: reset[0]!.partitions.map(each => each.offset) })
await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '10' }] })
const cut = await admin.fetchTopicOffsets(topic)
say('cut', { low: cut.find(each => each.partition === 0)!.low })
await admin.deleteGroups([groupId])
await admin.deleteTopics({ topics: [topic] })
say('deleted', { listed: (await admin.listTopics()).includes(topic) })
await admin.disconnect()

async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!done()) {
    if (Date.now() > deadline)
      throw new Error(`only ${read.length} read, ${JSON.stringify(shares)}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
