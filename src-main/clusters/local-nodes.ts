/** The nodes of a cluster that runs here: their states, and what can be done to them. */
import type { Cluster, NodeControl } from '../../engine/cluster/cluster.ts'
import type { NodeAct, NodeKind, NodePowerCut, NodeState } from '../contract/model/replication.ts'

export interface LocalNode {
  readonly id: number
  readonly kind: NodeKind
  readonly state: LocalState
  /** Why it failed. */
  readonly reason: string | null
  readonly brokerEpoch: bigint | null
}

type LocalState = Extract<
  NodeState,
  'starting' | 'running' | 'paused' | 'stopping' | 'stopped' | 'killed' | 'failed'
>

export interface LocalNodes {
  /** Brokers that answer nobody now, since they are paused or down: they need not be asked. */
  silentBrokers(): ReadonlySet<number>
  /** A combined node stands once, as what it is. */
  list(): Promise<readonly LocalNode[]>
  /** Resolves when the node is where the act brings it. Rejects with an `OperationalError`. */
  act(kind: 'broker' | 'controller', id: number, act: NodeAct): Promise<void>
  /** Of one node, which stays down, or, with null, of all, which come up again. Rejects alike. */
  powerCut(
    node: { readonly kind: 'broker' | 'controller'; readonly id: number } | null,
  ): Promise<readonly NodePowerCut[]>
  /** Resolves with its id when it votes. Rejects with an `OperationalError`. */
  addController(): Promise<number>
  removeController(id: number): Promise<void>
}

const silentStates: ReadonlySet<string> = new Set(['paused', 'stopped', 'killed', 'failed'])

export function localNodesOf(cluster: Cluster): LocalNodes {
  return {
    silentBrokers() {
      const silent = cluster.brokers.filter(({ state }) => silentStates.has(state))
      return new Set(silent.map(({ brokerId }) => brokerId))
    },
    async list() {
      const voters = new Set(cluster.controllers.map(({ nodeId }) => nodeId))
      const brokerIds = new Set(cluster.brokers.map(({ brokerId }) => brokerId))
      const brokers = cluster.brokers.map(async ({ brokerId, state, failure }) => {
        const brokerEpoch = state === 'running' ? await epochOf(cluster, brokerId) : null
        const kind: NodeKind = voters.has(brokerId) ? 'combined' : 'broker'
        return { id: brokerId, kind, state, reason: failure, brokerEpoch }
      })
      const controllers = cluster.controllers
        .filter(({ nodeId }) => !brokerIds.has(nodeId))
        .map(({ nodeId, state, failure }): LocalNode => {
          return { id: nodeId, kind: 'controller', state, reason: failure, brokerEpoch: null }
        })
      return [...(await Promise.all(brokers)), ...controllers]
    },
    async act(kind, id, act) {
      await nodeOf(cluster, kind, id)[act]()
    },
    addController: () => cluster.addController(),
    removeController: id => cluster.removeController(id),
    async powerCut(node) {
      const cuts =
        node === null
          ? await cluster.powerCut()
          : [await nodeOf(cluster, node.kind, node.id).powerCut()]
      return cuts.map(({ id, roles, droppedBytes, droppedFileCount, files }) => {
        const kind = roles.length > 1 ? 'combined' : roles[0]!
        return { id, kind, droppedBytes, droppedFileCount, files }
      })
    },
  }
}

function nodeOf(cluster: Cluster, kind: 'broker' | 'controller', id: number): NodeControl {
  return kind === 'broker' ? cluster.broker(id) : cluster.controller(id)
}

async function epochOf(cluster: Cluster, brokerId: number): Promise<bigint | null> {
  // A broker that ends or is paused meanwhile has none to tell.
  return cluster.ask(brokerId, { type: 'registration' }).then(
    ({ brokerEpoch }) => brokerEpoch,
    () => null,
  )
}

/** What makes sense of a node in this state, the gentle acts first. */
export function actsOf({ state }: Pick<LocalNode, 'state'>): readonly NodeAct[] {
  switch (state) {
    case 'running':
      return ['stop', 'kill', 'pause']
    case 'paused':
      return ['resume', 'kill']
    case 'starting':
    case 'stopping':
      return ['kill']
    case 'stopped':
    case 'killed':
    case 'failed':
      return ['start']
  }
}
