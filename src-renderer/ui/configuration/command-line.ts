/** The equal lines of Apache Kafka's own tools: what a person would have typed instead. */
import type {
  ConfigurationEntry,
  ConfigurationResource,
} from '../../../src-main/contract/model/configuration.ts'
import { valueAfter, type PreparedByName } from './prepared.ts'

/** `kafka-configs.sh`, which has no operation for a part of a list: it sets the whole of it. */
export function configsLine(options: {
  readonly bootstrap: string
  readonly resource: ConfigurationResource
  readonly entries: readonly ConfigurationEntry[]
  readonly prepared: PreparedByName
}): string {
  const { bootstrap, resource, entries, prepared } = options
  const added: string[] = []
  const deleted: string[] = []
  for (const [name, change] of prepared) {
    if (change.operation === 'reset') deleted.push(name)
    else {
      const entry = entries.find(each => each.name === name)
      const value = entry === undefined ? change.value : valueAfter(entry, change)
      added.push(`${name}=${bracketed(value ?? '')}`)
    }
  }
  return [
    `kafka-configs.sh --bootstrap-server ${quoted(bootstrap)} --alter`,
    entityOf(resource),
    ...(added.length > 0 ? [`--add-config ${quoted(added.join(','))}`] : []),
    ...(deleted.length > 0 ? [`--delete-config ${quoted(deleted.join(','))}`] : []),
  ].join(' ')
}

function entityOf(resource: ConfigurationResource): string {
  switch (resource.type) {
    case 'topic':
      return `--entity-type topics --entity-name ${quoted(resource.name)}`
    case 'broker':
      return `--entity-type brokers --entity-name ${resource.brokerId}`
    case 'brokers':
      return '--entity-type brokers --entity-default'
  }
}

export function createTopicLine(options: {
  readonly bootstrap: string
  readonly topic: string
  readonly partitionCount: number | null
  readonly replicationFactor: number | null
  readonly configurations: readonly { readonly name: string; readonly value: string }[]
}): string {
  const { bootstrap, topic, partitionCount, replicationFactor, configurations } = options
  return [
    `kafka-topics.sh --bootstrap-server ${quoted(bootstrap)} --create --topic ${quoted(topic)}`,
    ...(partitionCount === null ? [] : [`--partitions ${partitionCount}`]),
    ...(replicationFactor === null ? [] : [`--replication-factor ${replicationFactor}`]),
    // This tool takes a list as it is, where kafka-configs.sh wants it in brackets.
    ...configurations.map(({ name, value }) => `--config ${quoted(`${name}=${value}`)}`),
  ].join(' ')
}

export function deleteTopicLine(bootstrap: string, topic: string): string {
  return `kafka-topics.sh --bootstrap-server ${quoted(bootstrap)} --delete --topic ${quoted(topic)}`
}

export function addPartitionsLine(bootstrap: string, topic: string, count: number): string {
  const server = `--bootstrap-server ${quoted(bootstrap)}`
  return `kafka-topics.sh ${server} --alter --topic ${quoted(topic)} --partitions ${count}`
}

/** `kafka-delete-records.sh` reads its offsets from a file; a shell hands it one in passing. */
export function deleteRecordsLine(
  bootstrap: string,
  topic: string,
  before: readonly { readonly partition: number; readonly offset: bigint }[],
): string {
  const partitions = before
    .map(({ partition, offset }) =>
      [`"topic":${JSON.stringify(topic)}`, `"partition":${partition}`, `"offset":${offset}`].join(),
    )
    .map(fields => `{${fields}}`)
  const json = `{"version":1,"partitions":[${partitions.join()}]}`
  const server = `--bootstrap-server ${quoted(bootstrap)}`
  return `kafka-delete-records.sh ${server} --offset-json-file <(echo ${quoted(json)})`
}

/** A comma would begin the next configuration. */
function bracketed(value: string): string {
  return value.includes(',') ? `[${value}]` : value
}

/** For a POSIX shell; what needs no quotes gets none. */
export function quoted(text: string): string {
  return /^[\w.:,/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
