/** Ready commands and programs that reach this cluster, with its true address in them. */

export interface ClientLine {
  readonly id: 'kcat' | 'java' | 'python' | 'javascript' | 'go'
  readonly text: string
}

const EXAMPLE_TOPIC = 'hello'

/** `bootstrap` as `127.0.0.1:9092,127.0.0.1:9093`. */
export function clientLines(bootstrap: string): readonly ClientLine[] {
  const quoted = bootstrap
    .split(',')
    .map(address => `'${address}'`)
    .join(', ')
  return [
    { id: 'kcat', text: kcat(bootstrap) },
    { id: 'java', text: java(bootstrap) },
    { id: 'python', text: python(bootstrap) },
    { id: 'javascript', text: javascript(quoted) },
    { id: 'go', text: go(quoted.replaceAll("'", '"')) },
  ]
}

function kcat(bootstrap: string): string {
  return [
    `# write a line, then read the topic from its beginning`,
    `echo 'hello' | kcat -b ${bootstrap} -P -t ${EXAMPLE_TOPIC}`,
    `kcat -b ${bootstrap} -C -t ${EXAMPLE_TOPIC} -o beginning -e`,
  ].join('\n')
}

function java(bootstrap: string): string {
  return [
    `var properties = new Properties();`,
    `properties.put("bootstrap.servers", "${bootstrap}");`,
    `properties.put("key.serializer", StringSerializer.class.getName());`,
    `properties.put("value.serializer", StringSerializer.class.getName());`,
    `try (var producer = new KafkaProducer<String, String>(properties)) {`,
    `  producer.send(new ProducerRecord<>("${EXAMPLE_TOPIC}", "hello")).get();`,
    `}`,
  ].join('\n')
}

function python(bootstrap: string): string {
  return [
    `# pip install confluent-kafka`,
    `from confluent_kafka import Producer`,
    `producer = Producer({"bootstrap.servers": "${bootstrap}"})`,
    `producer.produce("${EXAMPLE_TOPIC}", value="hello")`,
    `producer.flush()`,
  ].join('\n')
}

function javascript(quoted: string): string {
  return [
    `// npm install kafkajs`,
    `import { Kafka } from 'kafkajs'`,
    `const kafka = new Kafka({ brokers: [${quoted}] })`,
    `const producer = kafka.producer()`,
    `await producer.connect()`,
    `await producer.send({ topic: '${EXAMPLE_TOPIC}', messages: [{ value: 'hello' }] })`,
    `await producer.disconnect()`,
  ].join('\n')
}

function go(quoted: string): string {
  return [
    `// go get github.com/twmb/franz-go/pkg/kgo`,
    `client, err := kgo.NewClient(kgo.SeedBrokers(${quoted}))`,
    `if err != nil {`,
    `  panic(err)`,
    `}`,
    `defer client.Close()`,
    `record := &kgo.Record{Topic: "${EXAMPLE_TOPIC}", Value: []byte("hello")}`,
    `err = client.ProduceSync(context.Background(), record).FirstErr()`,
  ].join('\n')
}
