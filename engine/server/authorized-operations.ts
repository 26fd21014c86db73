/**
 * What an asker may do, as a bit for each of Kafka's operations. Nothing is forbidden here, so the
 * answer is every operation that a resource has (`AclEntry.supportedOperations`).
 */

/** Kafka's numbers of operations. */
const READ = 3
const WRITE = 4
const CREATE = 5
const DELETE = 6
const ALTER = 7
const DESCRIBE = 8
const CLUSTER_ACTION = 9
const DESCRIBE_CONFIGS = 10
const ALTER_CONFIGS = 11
const IDEMPOTENT_WRITE = 12

/** Where nobody asked. */
export const NOT_ASKED_OPERATIONS = -2_147_483_648

export const topicOperations = bits(
  READ,
  WRITE,
  CREATE,
  DELETE,
  ALTER,
  DESCRIBE,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
)
export const groupOperations = bits(READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS)
export const clusterOperations = bits(
  CREATE,
  ALTER,
  DESCRIBE,
  CLUSTER_ACTION,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
  IDEMPOTENT_WRITE,
)

function bits(...operations: readonly number[]): number {
  return operations.reduce((all, operation) => all | (1 << operation), 0)
}
