/** DescribeCluster (key 60) of a controller: the controllers of the cluster (KIP-919). */
import { CONTROLLERS, describingCluster } from '../server/describe-cluster.ts'
import type { ServedApi } from '../server/dispatcher.ts'
import type { QuorumServices } from './quorum-apis.ts'
import { CONTROLLER_LISTENER, nodeIdOf } from './quorum-messages.ts'

export function describeCluster({ clusterId, quorum, image }: QuorumServices): ServedApi {
  return describingCluster({
    endpointType: CONTROLLERS,
    mismatch: 'this is a controller: it describes controllers, not brokers',
    describe: () => ({
      clusterId,
      controllerId: nodeIdOf(quorum.raft.leaderId),
      brokers: [...image().controllers.values()].flatMap(({ controllerId, endPoints }) => {
        const listener = endPoints.find(({ name }) => name === CONTROLLER_LISTENER)
        if (listener === undefined) return []
        const { host, port } = listener
        return [{ brokerId: controllerId, host, port, rack: null, isFenced: false }]
      }),
    }),
  })
}
