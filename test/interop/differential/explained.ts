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
    reason: 'each has words of its own for an error; only its presence is compared',
    covers: ({ field, apache, odradek }) =>
      /errorMessage$/.test(field) && apache !== 'null' && odradek !== 'null',
  },
  {
    reason: 'INVALID_REPLICATION_FACTOR until replication exists, as the issue asks',
    covers: ({ where, field }) =>
      where.startsWith('CreateTopics: replication factor') && field.endsWith('errorMessage'),
  },
  {
    reason: 'sizes and paths of a folder are its own',
    covers: ({ where, field }) =>
      where.startsWith('DescribeLogDirs') && /(partitionSize|totalBytes|usableBytes)$/.test(field),
  },
]

export function explain(difference: Difference): string | null {
  return explanations.find(each => each.covers(difference))?.reason ?? null
}
