/** Replicas, elections, moves of partitions, the quorum; and the nodes of a local cluster. */
import { array, integer, literal, nullable, object, string, union } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type {
  BrokerThrottle,
  ClusterReplication,
  ElectedLeader,
  ElectionPreview,
  NodePowerCut,
  PartitionListing,
  ReassignmentPlan,
  StartedReassignment,
  TopicReplication,
} from '../model/replication.ts'
import { partitionStates } from '../model/replication.ts'
import { brokerId, cluster, partition, topic } from './names.ts'

const PARTITIONS_MAX = 20_000
const topics = nullable(array(topic, { maxLength: 10_000 }))
const replicas = array(brokerId, { maxLength: 1_000 })
const topicPartitions = array(object({ topic, partition }), { maxLength: PARTITIONS_MAX })
const assignments = array(object({ topic, partition, replicas }), { maxLength: PARTITIONS_MAX })
const bytesPerSecond = nullable(integer({ min: 1_024, max: Number.MAX_SAFE_INTEGER }))

export const replicationApi = {
  commands: {
    'replication.topic': {
      input: object({
        cluster,
        topic,
        /** Those that somebody looks at; all of them when null. */
        partitions: nullable(array(partition, { maxLength: 500 })),
        /** The version that the page has. */
        since: nullable(string({ maxLength: 100 })),
      }),
      output: returns<TopicReplication>(),
    },
    /** Of all topics: those in this state, and those with a replica on this broker. */
    'replication.partitions': {
      input: object({
        cluster,
        state: nullable(literal(...partitionStates)),
        broker: nullable(brokerId),
      }),
      output: returns<PartitionListing>(),
    },
    'replication.cluster': { input: object({ cluster }), output: returns<ClusterReplication>() },
    /** What an election of preferred leaders would move; of all topics when null. */
    'replication.election-preview': {
      input: object({ cluster, topics }),
      output: returns<ElectionPreview>(),
    },
    'replication.elect': {
      input: object({
        cluster,
        election: literal('preferred', 'unclean'),
        partitions: topicPartitions,
      }),
      output: returns<readonly ElectedLeader[]>(),
    },
    'replication.plan': {
      input: object({
        cluster,
        topics,
        strategy: union({
          vacate: { brokers: replicas },
          spread: { brokers: nullable(replicas) },
          factor: { factor: integer({ min: 1, max: 32_767 }) },
          explicit: { assignments },
        }),
      }),
      output: returns<ReassignmentPlan>(),
    },
    /** Goes on as a job; stopping the job cancels what is still under way. */
    'replication.reassign': {
      input: object({ cluster, assignments, throttleBytesPerSecond: bytesPerSecond }),
      output: returns<StartedReassignment>(),
    },
    /** The partitions keep the replicas that they had. */
    'replication.cancel': {
      input: object({ cluster, partitions: topicPartitions }),
      output: returns<readonly ElectedLeader[]>(),
    },
    'replication.throttles': {
      input: object({ cluster }),
      output: returns<readonly BrokerThrottle[]>(),
    },
    /** For the moves that are under way; null removes every replication throttle. */
    'replication.set-throttle': {
      input: object({ cluster, bytesPerSecond }),
      output: returns<readonly BrokerThrottle[]>(),
    },
    /** Only of a cluster that runs here. */
    'node.act': {
      input: object({
        cluster,
        kind: literal('broker', 'controller'),
        id: brokerId,
        act: literal('kill', 'stop', 'pause', 'resume', 'start'),
      }),
      output: returns<null>(),
    },
    /**
     * Cuts the power of one node, which stays down until it is started, or, with null, of all, which
     * come up again. What was written and not flushed is gone. Only of a cluster that runs here.
     */
    'node.power-cut': {
      input: object({
        cluster,
        node: nullable(object({ kind: literal('broker', 'controller'), id: brokerId })),
      }),
      output: returns<readonly NodePowerCut[]>(),
    },
    /**
     * A further controller, which votes when this is answered, with its id. Only of a cluster that
     * runs here, whose controllers are nodes of their own.
     */
    'controller.add': { input: object({ cluster }), output: returns<number>() },
    /** Takes its vote, ends it, and removes its folder. Only of a cluster that runs here. */
    'controller.remove': { input: object({ cluster, id: brokerId }), output: returns<null>() },
  },
  streams: {},
  events: {
    /** A node of a cluster that runs here is in another state: killed, paused, starting, running. */
    'nodes.changed': returns<{ readonly cluster: string }>(),
  },
} as const satisfies Contract
