/**
 * `min.insync.replicas` of the topics whose partitions lack replicas: only there does it matter.
 * Configurations change seldom, and are asked for again after a while.
 */
import type { Client } from '../../engine/client/client.ts'
import type { Catalogue } from '../lookups/catalogue.ts'
import { topicConfigValues } from './topic-configurations.ts'

const MIN_ISR = 'min.insync.replicas'
const KEPT_MS = 4_000
/** Ten thousand topics are asked about every hundred seconds. */
const KEPT_MS_PER_TOPIC = 10
const BATCH_MAX = 1_000

interface Known {
  readonly values: Map<string, number>
  validUntilMs: number
}

const known = new WeakMap<Client, Known>()

/** A topic that does not tell is left out. */
export async function minIsrOf(
  client: Client,
  { topics }: Catalogue,
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const names = topics.flatMap(({ name, underReplicated }) =>
    underReplicated.length > 0 ? [name] : [],
  )
  if (names.length === 0) return new Map()
  let own = known.get(client)
  if (own === undefined || nowMs >= own.validUntilMs)
    own = {
      values: new Map(),
      validUntilMs: nowMs + Math.max(KEPT_MS, names.length * KEPT_MS_PER_TOPIC),
    }
  known.set(client, own)
  const { values } = own
  const lacking = names.filter(name => !values.has(name))
  for (let first = 0; first < lacking.length; first += BATCH_MAX) {
    const batch = lacking.slice(first, first + BATCH_MAX)
    // Who may not read configurations sees which replicas are missing.
    const told = await topicConfigValues(client, batch, MIN_ISR).catch(() => new Map())
    for (const [name, value] of told) values.set(name, Number(value))
  }
  return values
}
