/** The wire log, and who is connected. */
import { ContractError, type StreamSink } from '../contract/define.ts'
import type { BrokerConnection, WireRequest, WireUpdate } from '../contract/model/wire.ts'
import { localOf, type LocalCluster } from '../clusters/local-cluster.ts'
import type { Wait } from '../lookups/watch.ts'
import { wireExchange } from '../wire-log/wire-exchange.ts'
import { wireMatcher, type WireFilter } from '../wire-log/wire-filter.ts'
import { originOf, WireLog } from '../wire-log/wire-log.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const UPDATE_INTERVAL_MS = 250
const ROWS_AT_FIRST = 2_000
const ROWS_PER_UPDATE = 500

export function wireHandlers({ clusters, wait }: ServiceContext) {
  const logs = new WeakMap<LocalCluster, WireLog>()
  const logOf = (id: string) => {
    const local = localOf(clusters.get(id))
    const log = logs.get(local) ?? new WireLog(local, wait)
    logs.set(local, log)
    return log
  }
  const commands = {
    'wire.exchange': async ({ cluster, brokerId, sequence }) => {
      const local = localOf(clusters.get(cluster))
      const frames = await local.ask(brokerId, { type: 'wire-frames', sequence })
      if (frames === null)
        throw new ContractError({
          code: 'NOT_FOUND',
          message: `broker ${brokerId} no longer has the bytes of request ${sequence}`,
          remedy: 'It keeps the newest 32 MiB. Filter the log, and open a request while it is new.',
        })
      return wireExchange(frames)
    },
    'broker.connections': async ({ cluster }) => {
      const registered = clusters.get(cluster)
      const { brokers } = await registered.client.metadata([])
      return connectionsOf(
        localOf(registered),
        brokers.map(({ nodeId }) => nodeId),
      )
    },
  } satisfies Commands
  const streams = {
    'wire.watch': async ({ cluster, filter }, sink) =>
      watchWire(logOf(cluster), filter, sink, wait),
  } satisfies Streams
  return { commands, streams }
}

async function watchWire(
  log: WireLog,
  filter: WireFilter,
  sink: StreamSink<WireUpdate>,
  wait: Wait,
): Promise<void> {
  const wanted = wireMatcher(filter)
  let pending: WireRequest[] = []
  let untold = 0
  const kept = log.requests.filter(wanted)
  sink.emit({
    requests: kept.slice(-ROWS_AT_FIRST),
    leftOut: Math.max(kept.length - ROWS_AT_FIRST, 0),
    untold: 0,
  })
  const stop = log.watch(news => {
    for (const request of news.requests) if (wanted(request)) pending.push(request)
    untold += news.untold
  })
  while (!sink.signal.aborted) {
    await wait(UPDATE_INTERVAL_MS, sink.signal)
    if (sink.congested || (pending.length === 0 && untold === 0)) continue
    const requests = pending.slice(-ROWS_PER_UPDATE)
    sink.emit({ requests, leftOut: pending.length - requests.length, untold })
    pending = []
    untold = 0
  }
  stop()
}

/** A broker that does not answer is left out: it has no connections then. */
async function connectionsOf(
  local: LocalCluster,
  brokerIds: readonly number[],
): Promise<readonly BrokerConnection[]> {
  const answers = await Promise.allSettled(
    brokerIds.map(async brokerId => ({
      brokerId,
      connections: await local.ask(brokerId, { type: 'connections' }),
    })),
  )
  return answers
    .flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
    .flatMap(({ brokerId, connections }) =>
      connections.map(({ id, openedAtMs, ...connection }) => ({
        ...connection,
        brokerId,
        connectionId: id,
        origin: originOf(connection.clientId),
        openedAtMs: BigInt(openedAtMs),
      })),
    )
}
