/**
 * Differences that are meant, each with its reason. Whatever is not here is a difference to mend
 * or to add, with a reason that Kafka's documents or code support.
 */
export interface Difference {
  /** `API: case vN`. */
  readonly where: string
  /** The field, such as `topics[orders].errorCode`, or `reply` for the whole answer. */
  readonly field: string
  readonly apache: string
  readonly odradek: string
}

interface Explanation {
  readonly reason: string
  readonly covers: (difference: Difference) => boolean
}

export const explanations: readonly Explanation[] = [
  {
    reason: 'the advertised APIs and versions: transactions, ACLs, quotas and KIP-848 come later',
    covers: ({ where }) => where.startsWith('ApiVersions'),
  },
  {
    reason: 'each has words of its own for an error, and ours has them where Apache Kafka has none',
    covers: ({ field, apache, odradek }) =>
      field.endsWith('errorMessage') && apache !== odradek && odradek !== 'null',
  },
  {
    reason: "the message of a feature that was updated is the word NONE in Apache Kafka's answer",
    covers: ({ where, field, apache, odradek }) =>
      where.startsWith('UpdateFeatures') &&
      field.endsWith('errorMessage') &&
      apache === 'NONE' &&
      odradek === 'null',
  },
  {
    reason: 'Apache Kafka makes up an id for a topic that is only validated; it belongs to nothing',
    covers: ({ where, field }) =>
      where.startsWith('CreateTopics: validate only') && field.endsWith('topicId'),
  },
  {
    reason:
      'Apache Kafka tells where the log starts beside some INVALID_RECORD errors too; ours beside ' +
      'those of single records, sequences, epochs and timestamps',
    covers: ({ where, field, odradek }) =>
      where.startsWith('Produce') && field.endsWith('logStartOffset') && odradek === '-1',
  },
  {
    reason: 'Apache Kafka never answers records of null: its handler ends in an exception',
    covers: ({ where }) => where.startsWith('Produce: null records'),
  },
  {
    reason: 'an operation that Kafka has not is UNKNOWN_SERVER_ERROR there, INVALID_REQUEST here',
    covers: ({ where, field }) =>
      where.startsWith('IncrementalAlterConfigs: unknown operation') && field.endsWith('errorCode'),
  },
  {
    reason:
      'an unknown compression type is UNSUPPORTED_COMPRESSION_TYPE here in every version; Apache ' +
      'Kafka meets it as an illegal argument, and answers UNKNOWN_SERVER_ERROR or CORRUPT_MESSAGE',
    covers: ({ where, field }) =>
      where.startsWith('Produce: unknown codec') && field.endsWith('errorCode'),
  },
  {
    reason: 'only whole batches are returned; Apache Kafka cuts the last one at the byte limit',
    covers: ({ where, field, apache, odradek }) =>
      where.startsWith('Fetch') &&
      field.endsWith('.records') &&
      odradek !== '' &&
      apache.startsWith(odradek),
  },
  {
    reason: 'sizes and paths of a folder are its own',
    covers: ({ where, field }) =>
      where.startsWith('DescribeLogDirs') && /(partitionSize|totalBytes|usableBytes)$/.test(field),
  },
  {
    reason: "offsets, folders and times of a quorum's log are its own",
    covers: ({ where, field }) =>
      (where.startsWith('DescribeQuorum') &&
        /(highWatermark|logEndOffset|replicaDirectoryId|Timestamp)$/.test(field)) ||
      (where.startsWith('Fetch: behind the end') &&
        /(highWatermark|lastStableOffset|divergingEpoch.endOffset)$/.test(field)) ||
      (where.startsWith('BrokerRegistration') && field === 'brokerEpoch'),
  },
  {
    reason: 'a node that knows of no epoch may ask here; Apache Kafka has it name epoch 0',
    covers: ({ where }) => where.startsWith('Fetch: in no epoch'),
  },
  {
    reason: 'every snapshot that Apache Kafka refuses it refuses with UNKNOWN_SERVER_ERROR',
    covers: ({ where }) => where.startsWith('FetchSnapshot'),
  },
  {
    reason: 'where there is no error there is no message, and not an empty one',
    covers: ({ where, field, apache, odradek }) =>
      where.startsWith('UnregisterBroker') &&
      field === 'errorMessage' &&
      apache === '' &&
      odradek === 'null',
  },
  {
    reason: 'a broker without a listener is of no use to anyone; Apache Kafka takes it',
    covers: ({ where }) => where.startsWith('BrokerRegistration: without a listener'),
  },
]

export function explain(difference: Difference): string | null {
  return explanations.find(each => each.covers(difference))?.reason ?? null
}
