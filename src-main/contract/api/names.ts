/** The names of things in Kafka, as inputs of commands: one check for each, whoever asks. */
import { array, integer, nullable, optional, string } from '../check.ts'

export const INT32_MAX = 2_147_483_647

export const cluster = string({ minLength: 1, maxLength: 64 })
export const topic = string({ minLength: 1, maxLength: 249 })
export const groupId = string({ maxLength: 32_767 })
export const brokerId = integer({ min: 0, max: INT32_MAX })
export const partition = integer({ min: 0, max: INT32_MAX })
/** Null stands for all of them. */
export const partitions = nullable(array(partition, { maxLength: 100_000 }))
/** Between two updates of a stream. */
export const intervalMs = optional(integer({ min: 250, max: 60_000 }))
