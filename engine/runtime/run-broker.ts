/** A broker in the present thread. */
import type { BrokerAnswers, BrokerQuestion, BrokerWorkerData } from '../cluster/node-messages.ts'
import { Broker } from '../broker/broker.ts'
import type { Address } from '../ports/network.ts'
import { nodeClock } from './node-clock.ts'
import { NodeDisk } from './node-disk.ts'
import { nodeNetwork } from './node-network.ts'
import { nodeRandom } from './node-random.ts'
import {
  supervisorLogger,
  tellSupervisor,
  unflushedFiles,
  type NodeMessages,
} from './node-worker.ts'

/** How often the supervisor hears what went through. */
const TRAFFIC_INTERVAL_MS = 1_000
/** How often it hears of single requests, while somebody looks. */
const WIRE_INTERVAL_MS = 200
/** Requests told of each time: what comes faster is counted instead. */
const WIRE_REQUESTS_MAX = 1_000

export async function runBroker(
  data: BrokerWorkerData,
  messages: NodeMessages,
): Promise<{ stop(): Promise<void> }> {
  let controllers: ReadonlyMap<number, Address> = new Map()
  const controllersKnown = new Promise<void>(resolve => {
    messages.onControllers(addresses => {
      controllers = addresses
      resolve()
    })
  })
  const broker = await Broker.start({
    ...data,
    // A temporary folder is gone before any power could be: what counts is what a cut would take.
    controllerAddresses: () => controllers,
    controllersKnown,
    disk: new NodeDisk({ unflushed: unflushedFiles(), syncs: !data.ephemeral }),
    network: nodeNetwork,
    clock: nodeClock,
    random: nodeRandom,
    logger: supervisorLogger,
    onGroupJournal: event => tellSupervisor({ type: 'group-journal', event }),
  })
  tellSupervisor({ type: 'listens', role: 'broker', address: broker.address })
  const reporting = setInterval(() => reportTraffic(broker), TRAFFIC_INTERVAL_MS)
  const closeTap = reportWire(broker, messages)
  messages.on('ask', ({ id, question }) =>
    tellSupervisor({ type: 'told', id, answer: answerTo(broker, question) }),
  )
  return {
    async stop() {
      clearInterval(reporting)
      closeTap()
      await broker.stop()
    },
  }
}

function reportTraffic(broker: Broker): void {
  const report = {
    atMs: nodeClock.timestampOf(nodeClock.nowMs()),
    byTopic: broker.traffic.snapshot(),
    connectionCount: broker.connectionCount,
  }
  tellSupervisor({ type: 'traffic', report })
}

function reportWire({ inspection: { tap } }: Broker, messages: NodeMessages): () => void {
  let reporting: ReturnType<typeof setInterval> | undefined
  const report = () => {
    const { requests, lost } = tap.drain()
    if (requests.length === 0 && lost === 0) return
    // The newest, and every one that failed: that is what a reader looks for.
    const early = requests.slice(0, -WIRE_REQUESTS_MAX)
    const told = [
      ...early.filter(
        ({ errorCodes, responseBytes }) => errorCodes.length > 0 || responseBytes === null,
      ),
      ...requests.slice(-WIRE_REQUESTS_MAX),
    ].slice(-2 * WIRE_REQUESTS_MAX)
    const untold = requests.length - told.length
    tellSupervisor({ type: 'wire', requests: told, lost: lost + untold })
  }
  messages.on('tap-wire', ({ open }) => {
    clearInterval(reporting)
    if (open) {
      tap.open()
      reporting = setInterval(report, WIRE_INTERVAL_MS)
    } else tap.close()
  })
  return () => clearInterval(reporting)
}

function answerTo(
  { inspection, brokerEpoch }: Broker,
  question: BrokerQuestion,
): BrokerAnswers[BrokerQuestion['type']] {
  switch (question.type) {
    case 'registration':
      return { brokerEpoch }
    case 'connections':
      return inspection
        .connections()
        .map(({ id, socket, clientId, software, openedAtMs, counts }) => ({
          id,
          remote: `${socket.remote.host}:${socket.remote.port}`,
          clientId,
          software: software === null ? null : `${software.name} ${software.version}`,
          openedAtMs,
          ...counts,
          queuedBytes: socket.queuedBytes,
        }))
    case 'wire-frames':
      return inspection.tap.frames(question.sequence)
    case 'log':
      return inspection.log(question.topic, question.partition)
    case 'logs':
      return inspection.logs()
    case 'replicas':
      return inspection.replicas(question.topic, question.partitions)
  }
}
