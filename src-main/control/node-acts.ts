/** What is done to nodes over the control address, and what their supervisor says of them. */
import type { Cluster, NodeControl, NodePowerCut } from '../../engine/cluster/cluster.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { ContractError } from '../contract/define.ts'
import {
  nodeActions,
  type BrokerStatus,
  type ControlStatus,
  type NodeAction,
  type NodeStatus,
} from './control-model.ts'

export type NodeKind = 'brokers' | 'controllers'

export function isNodeAction(text: string): text is NodeAction {
  return nodeActions.some(action => action === text)
}

/** Answers with the node as it is then. Throws `ContractError`s NOT_FOUND and CONFLICT. */
export async function actOnNode(
  cluster: Cluster,
  act: { readonly kind: NodeKind; readonly id: string; readonly action: NodeAction },
): Promise<NodeStatus> {
  const node = nodeOf(cluster, act.kind, act.id)
  await orConflict(() => node[act.action]())
  return statusesOf(cluster, act.kind).find(({ id }) => String(id) === act.id)!
}

/** Answers with the controller when it votes. Throws a `ContractError` CONFLICT. */
export async function addController(cluster: Cluster): Promise<NodeStatus> {
  const added = await orConflict(() => cluster.addController())
  return statusesOf(cluster, 'controllers').find(({ id }) => id === added)!
}

/** Answers with those that are left. Throws as `actOnNode`. */
export async function removeController(
  cluster: Cluster,
  id: string,
): Promise<readonly NodeStatus[]> {
  nodeOf(cluster, 'controllers', id)
  await orConflict(() => cluster.removeController(Number(id)))
  return statusesOf(cluster, 'controllers')
}

/** Of one node, or with null of all. Throws as `actOnNode`, and INVALID_INPUT for a seed. */
export async function cutPower(
  cluster: Cluster,
  node: { readonly kind: NodeKind; readonly id: string } | null,
  tornTailSeed: string | null,
): Promise<readonly NodePowerCut[]> {
  if (tornTailSeed !== null && !/^\d{1,9}$/.test(tornTailSeed))
    throw new ContractError({ code: 'INVALID_INPUT', message: `seed ${tornTailSeed}: no number` })
  const options = tornTailSeed === null ? {} : { tornTailSeed: Number(tornTailSeed) }
  if (node === null) return orConflict(() => cluster.powerCut(options))
  const control = nodeOf(cluster, node.kind, node.id)
  return [await orConflict(() => control.powerCut(options))]
}

/** What a node's state does not allow, or what it did not get done, is an answer. */
async function orConflict<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    // Told with its own words.
    if (!(error instanceof OperationalError)) throw error
    throw new ContractError({ code: 'CONFLICT', message: error.message })
  }
}

export async function nodesStatus(cluster: Cluster, dataFolder: string): Promise<ControlStatus> {
  const { clusterId, bootstrap } = cluster
  const brokers = await Promise.all(
    statusesOf(cluster, 'brokers').map(async (broker): Promise<BrokerStatus> => {
      if (broker.state !== 'running') return { ...broker, brokerEpoch: null }
      // One that stops in this moment has no epoch to tell.
      const told = await cluster.ask(broker.id, { type: 'registration' }).catch(() => null)
      return { ...broker, brokerEpoch: told?.brokerEpoch ?? null }
    }),
  )
  const controllers = statusesOf(cluster, 'controllers')
  return { clusterId, bootstrap, dataFolder, brokers, controllers }
}

function nodeOf(cluster: Cluster, kind: NodeKind, id: string): NodeControl {
  const number = /^\d{1,9}$/.test(id) ? Number(id) : Number.NaN
  try {
    return kind === 'brokers' ? cluster.broker(number) : cluster.controller(number)
  } catch (error) {
    // The ids that there are stand in its message.
    if (!(error instanceof OperationalError)) throw error
    throw new ContractError({ code: 'NOT_FOUND', message: error.message })
  }
}

function statusesOf(cluster: Cluster, kind: NodeKind): NodeStatus[] {
  const nodes =
    kind === 'brokers'
      ? cluster.brokers.map(({ brokerId, ...node }) => ({ id: brokerId, ...node }))
      : cluster.controllers.map(({ nodeId, ...node }) => ({ id: nodeId, ...node }))
  return nodes.map(({ id, state, failure, address: { host, port } }) => {
    return { id, state, failure, address: `${host}:${port}` }
  })
}
