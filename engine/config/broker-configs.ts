/**
 * The broker configurations this engine knows: those of Apache Kafka 4.3 that clients, tools and
 * operators ask for. Left out are those of features it does not have (remote storage, SASL and
 * TLS details, metrics reporters, quota windows).
 */
import type { ConfigTable } from './definition.ts'
import { brokerCoordinatorConfigs } from './broker-coordinator-configs.ts'
import { brokerLogConfigs } from './broker-log-configs.ts'
import { brokerNodeConfigs } from './broker-node-configs.ts'

export const brokerConfigs = {
  ...brokerNodeConfigs,
  ...brokerLogConfigs,
  ...brokerCoordinatorConfigs,
} satisfies ConfigTable

export type BrokerConfigName = keyof typeof brokerConfigs

/**
 * Where this engine's own brokers start from another value than Kafka's default. They are set as a
 * broker's static configuration, so that DescribeConfigs shows them as what they are.
 */
export const engineBrokerConfigs: Readonly<Partial<Record<BrokerConfigName, string>>> = {
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
}
