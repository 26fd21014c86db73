/** DescribeCluster (key 60): the brokers of the cluster, fenced ones too where asked (KIP-1073). */
import { BROKERS, describingCluster } from '../../server/describe-cluster.ts'
import type { ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

export function describeCluster(broker: BrokerServices): ServedApi {
  return describingCluster({
    endpointType: BROKERS,
    mismatch: 'this is a broker: it describes brokers, not controllers',
    describe: request => ({
      clusterId: broker.clusterId,
      controllerId: broker.cluster.anyBrokerId(broker.brokerId),
      brokers: broker.cluster.brokers({ fenced: request.includeFencedBrokers }).map(each => ({
        brokerId: each.brokerId,
        host: each.host,
        port: each.port,
        rack: each.rack,
        isFenced: each.fenced,
      })),
    }),
  })
}
