/** Who is connected to a broker, and how busy each is: from what the connections have counted. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { BrokerConnection } from '../../../src-main/contract/model/wire.ts'
import { Asked } from '../../connection/answer.ts'

const INTERVAL_MS = 2_000

export interface ConnectionRow extends BrokerConnection {
  /** Requests per second since the last look; null at the first. */
  readonly requestsPerSecond: number | null
}

interface Looked {
  readonly atMs: number
  readonly rows: readonly ConnectionRow[]
}

export class Connections extends Asked<Looked> {
  constructor(client: ApplicationClient, cluster: string, brokerId: number) {
    super(async (before, signal) => {
      const all = await client.call('broker.connections', { cluster }, signal)
      const mine = all.filter(connection => connection.brokerId === brokerId)
      return looked(before, mine, Date.now())
    }, INTERVAL_MS)
  }
}

export function looked(
  before: Looked | null,
  connections: readonly BrokerConnection[],
  atMs: number,
): Looked {
  const counted = new Map(before?.rows.map(row => [row.connectionId, row.requests]))
  const seconds = before === null ? 0 : (atMs - before.atMs) / 1_000
  const rows = connections.map(connection => {
    const then = counted.get(connection.connectionId)
    const known = then !== undefined && seconds > 0
    return {
      ...connection,
      requestsPerSecond: known ? (connection.requests - then) / seconds : null,
    }
  })
  return { atMs, rows }
}
