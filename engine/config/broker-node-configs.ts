/**
 * Broker configurations about the node itself: identity, listeners, sockets, threads, requests,
 * and its part in the cluster. Names, types and defaults are Apache Kafka 4.3's.
 */
import {
  boolean,
  int,
  list,
  long,
  optionalClass,
  optionalInt,
  optionalList,
  optionalString,
  string,
  type ConfigTable,
} from './definition.ts'

const INT_MAX = 2_147_483_647

export const brokerNodeConfigs = {
  'advertised.listeners': optionalList(
    null,
    'Addresses that clients are told to connect to; `listeners` when not set.',
    {
      importance: 'high',
      effective: true,
    },
  ),
  'authorizer.class.name': string(
    '',
    'Class that decides what a principal may do; none permits everything.',
    {
      importance: 'low',
    },
  ),
  'auto.create.topics.enable': boolean(
    true,
    'Whether a topic that a client asks for is created when it does not exist.',
    { importance: 'high', effective: true },
  ),
  'auto.leader.rebalance.enable': boolean(
    true,
    'Whether leadership goes back to the preferred replicas by itself.',
    { importance: 'high' },
  ),
  'background.threads': int(10, 'Number of threads for background work.', {
    atLeast: 1,
    importance: 'high',
    update: 'cluster-wide',
  }),
  'broker.heartbeat.interval.ms': int(
    2000,
    'Milliseconds between two heartbeats of a broker to the controller.',
    {
      effective: true,
    },
  ),
  'broker.id': int(-1, 'Id of the broker; the older name of `node.id`.', {
    importance: 'high',
    effective: true,
  }),
  'broker.rack': optionalString(
    null,
    'Rack of the broker, such as a zone: replicas are spread over racks.',
    {
      effective: true,
    },
  ),
  'broker.session.timeout.ms': int(
    9000,
    'Milliseconds without a heartbeat after which the controller fences a broker.',
    { effective: true },
  ),
  'connections.max.idle.ms': long(
    600_000n,
    'Milliseconds of silence after which a connection is closed.',
  ),
  'controlled.shutdown.enable': boolean(
    true,
    'Whether a broker hands over its leaderships before it stops.',
  ),
  'controller.listener.names': optionalList(null, 'Names of the listeners that controllers use.', {
    importance: 'high',
  }),
  'controller.quorum.append.linger.ms': int(
    25,
    'Milliseconds the active controller collects metadata records before it writes them.',
    { atLeast: 0 },
  ),
  'controller.quorum.bootstrap.servers': list(
    [],
    'Addresses at which a node finds the controllers.',
    {
      importance: 'high',
    },
  ),
  'controller.quorum.election.backoff.max.ms': int(
    1000,
    'Largest wait, in milliseconds, between two elections of the quorum.',
    {
      atLeast: 0,
      importance: 'high',
    },
  ),
  'controller.quorum.election.timeout.ms': int(
    1000,
    'Milliseconds a candidate waits for votes before a new election.',
    {
      atLeast: 0,
      importance: 'high',
    },
  ),
  'controller.quorum.fetch.max.bytes': int(
    1_048_576,
    'Bytes of the metadata log that one Fetch answer may carry; at least one batch.',
    {
      atLeast: 1,
      importance: 'low',
    },
  ),
  'controller.quorum.fetch.timeout.ms': int(
    2000,
    'Milliseconds without a fetch from the leader after which a voter starts an election.',
    {
      atLeast: 0,
      importance: 'high',
    },
  ),
  'controller.quorum.request.timeout.ms': int(
    2000,
    'Milliseconds a quorum request waits for its answer.',
    { atLeast: 0 },
  ),
  'controller.quorum.retry.backoff.ms': int(
    20,
    'Milliseconds before a quorum request is tried again.',
    {
      atLeast: 0,
      importance: 'low',
    },
  ),
  'controller.quorum.voters': list([], 'Voters of the metadata quorum, as `id@host:port`.', {
    importance: 'high',
  }),
  'controller.socket.timeout.ms': int(
    30_000,
    'Milliseconds for a socket between a broker and the controller.',
  ),
  'default.replication.factor': int(
    1,
    'Replication factor of topics that are created without one, automatically or by -1.',
    {
      effective: true,
    },
  ),
  'fetch.max.bytes': int(
    57_671_680,
    'Bytes that one Fetch response may carry, whatever the client asks for.',
    {
      atLeast: 1024,
      effective: true,
    },
  ),
  'fetch.purgatory.purge.interval.requests': int(
    1000,
    'Number of waiting fetches after which finished ones are swept out.',
  ),
  'initial.broker.registration.timeout.ms': int(
    60_000,
    'Milliseconds a broker tries to register before it gives up.',
  ),
  'inter.broker.listener.name': optionalString(
    null,
    'Name of the listener that brokers use among themselves.',
  ),
  'leader.imbalance.check.interval.seconds': long(
    300n,
    'Seconds between two checks whether leaders are spread evenly.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'listener.security.protocol.map': string(
    'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    "Security protocol of each listener, by the listener's name.",
    { importance: 'low', update: 'per-broker' },
  ),
  listeners: list(['PLAINTEXT://:9092'], 'Addresses the broker listens on.', {
    importance: 'high',
    update: 'per-broker',
    effective: true,
  }),
  'max.connection.creation.rate': int(INT_MAX, 'Connections the broker accepts per second.', {
    atLeast: 0,
    update: 'cluster-wide',
  }),
  'max.connections': int(INT_MAX, 'Connections the broker holds at once.', {
    atLeast: 0,
    update: 'cluster-wide',
  }),
  'max.connections.per.ip': int(INT_MAX, 'Connections the broker holds at once from one address.', {
    atLeast: 0,
    update: 'cluster-wide',
  }),
  'max.connections.per.ip.overrides': string(
    '',
    'Exceptions to `max.connections.per.ip`, as `host:number`.',
    {
      update: 'cluster-wide',
    },
  ),
  'max.incremental.fetch.session.cache.slots': int(
    1000,
    'Number of incremental fetch sessions a broker remembers (KIP-227).',
    {
      atLeast: 0,
      effective: true,
    },
  ),
  'max.request.partition.size.limit': int(
    2000,
    'Number of partitions one DescribeTopicPartitions response lists.',
    { atLeast: 1 },
  ),
  'metadata.log.dir': optionalString(
    null,
    'Folder of the metadata log; the first of `log.dirs` when not set.',
    {
      importance: 'high',
    },
  ),
  'metadata.log.max.record.bytes.between.snapshots': long(
    20_971_520n,
    'Bytes of metadata records after which a snapshot is written.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'metadata.log.max.snapshot.interval.ms': long(
    3_600_000n,
    'Milliseconds after which a snapshot is written when anything changed; 0 for never.',
    {
      atLeast: 0,
      importance: 'high',
    },
  ),
  'metadata.log.segment.bytes': int(1_073_741_824, 'Bytes of a segment of the metadata log.', {
    atLeast: 8_388_608,
    importance: 'high',
  }),
  'metadata.log.segment.ms': long(
    604_800_000n,
    'Milliseconds after which a segment of the metadata log is closed.',
    {
      importance: 'high',
    },
  ),
  'metadata.max.idle.interval.ms': int(
    500,
    'Milliseconds of silence after which the active controller writes an empty record.',
    {
      atLeast: 0,
      importance: 'low',
    },
  ),
  'metadata.max.retention.bytes': long(
    104_857_600n,
    'Bytes of metadata log and snapshots that are kept.',
    {
      importance: 'high',
    },
  ),
  'metadata.max.retention.ms': long(
    604_800_000n,
    'Milliseconds for which metadata log and snapshots are kept.',
    {
      importance: 'high',
    },
  ),
  'node.id': optionalInt(null, 'Id of this node in the cluster.', {
    atLeast: 0,
    importance: 'high',
    effective: true,
  }),
  'num.io.threads': int(
    8,
    'Number of threads that handle requests. Here each broker is one thread.',
    {
      atLeast: 1,
      importance: 'high',
      update: 'cluster-wide',
    },
  ),
  'num.network.threads': int(
    3,
    'Number of threads that read and write sockets, per listener. Here each broker is one thread.',
    {
      atLeast: 1,
      importance: 'high',
      update: 'cluster-wide',
    },
  ),
  'num.partitions': int(
    1,
    'Number of partitions of topics that are created without one, automatically or by -1.',
    {
      atLeast: 1,
      effective: true,
    },
  ),
  'num.replica.alter.log.dirs.threads': optionalInt(
    null,
    'Number of threads that move replicas between log folders.',
    {
      importance: 'high',
    },
  ),
  'num.replica.fetchers': int(1, 'Number of threads that fetch from each other broker.', {
    atLeast: 1,
    importance: 'high',
    update: 'cluster-wide',
  }),
  'principal.builder.class': optionalClass(
    null,
    'Class that names the principal of a connection.',
    { update: 'per-broker' },
  ),
  'process.roles': optionalList(null, 'Roles of this node: broker, controller or both.', {
    among: ['broker', 'controller'],
    importance: 'high',
  }),
  'producer.purgatory.purge.interval.requests': int(
    1000,
    'Number of waiting produce requests after which finished ones are swept out.',
  ),
  'queued.max.request.bytes': long(
    -1n,
    'Bytes of requests that may wait before the broker stops reading; -1 for no limit.',
  ),
  'queued.max.requests': int(
    500,
    'Number of requests that may wait before the broker stops reading.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'replica.fetch.backoff.ms': int(1000, 'Milliseconds a follower waits after an error.', {
    atLeast: 0,
  }),
  'replica.fetch.max.bytes': int(1_048_576, 'Bytes a follower asks for per partition.', {
    atLeast: 0,
  }),
  'replica.fetch.min.bytes': int(1, 'Bytes a follower waits for before a Fetch is answered.', {
    importance: 'high',
  }),
  'replica.fetch.response.max.bytes': int(10_485_760, 'Bytes a follower asks for per Fetch.', {
    atLeast: 0,
  }),
  'replica.fetch.wait.max.ms': int(500, "Milliseconds a follower's Fetch may wait for records.", {
    importance: 'high',
  }),
  'replica.high.watermark.checkpoint.interval.ms': long(
    5000n,
    'Milliseconds between two writes of the high watermark checkpoint.',
    {
      importance: 'high',
    },
  ),
  'replica.lag.time.max.ms': long(
    30_000n,
    'Milliseconds for which a follower may lag before it leaves the ISR.',
    {
      importance: 'high',
    },
  ),
  'replica.selector.class': optionalString(
    null,
    'Class that picks the replica a consumer should read from.',
  ),
  'replica.socket.receive.buffer.bytes': int(
    65_536,
    "Receive buffer of a follower's socket, in bytes.",
    {
      importance: 'high',
    },
  ),
  'replica.socket.timeout.ms': int(30_000, 'Milliseconds a follower waits for an answer.', {
    importance: 'high',
  }),
  'request.timeout.ms': int(30_000, 'Milliseconds a request between nodes waits for its answer.', {
    importance: 'high',
  }),
  'sasl.enabled.mechanisms': list(['GSSAPI'], 'SASL mechanisms a listener offers.', {
    update: 'per-broker',
  }),
  'sasl.mechanism.inter.broker.protocol': string(
    'GSSAPI',
    'SASL mechanism that brokers use among themselves.',
    {
      update: 'per-broker',
    },
  ),
  'security.inter.broker.protocol': string(
    'PLAINTEXT',
    'Security protocol that brokers use among themselves.',
    {
      among: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    },
  ),
  'socket.connection.setup.timeout.max.ms': long(
    30_000n,
    'Largest wait, in milliseconds, for a connection to another node.',
  ),
  'socket.connection.setup.timeout.ms': long(
    10_000n,
    'Milliseconds a connection to another node may take.',
  ),
  'socket.listen.backlog.size': int(50, 'Number of connections that may wait to be accepted.', {
    atLeast: 1,
  }),
  'socket.receive.buffer.bytes': int(
    102_400,
    'Receive buffer of a socket, in bytes; -1 leaves it to the operating system.',
    {
      importance: 'high',
    },
  ),
  'socket.request.max.bytes': int(
    104_857_600,
    'Largest request that is read, in bytes; a larger one closes the connection.',
    {
      atLeast: 1,
      importance: 'high',
      effective: true,
    },
  ),
  'socket.send.buffer.bytes': int(
    102_400,
    'Send buffer of a socket, in bytes; -1 leaves it to the operating system.',
    {
      importance: 'high',
    },
  ),
  'ssl.client.auth': string('none', 'Whether a client must show a certificate.', {
    among: ['required', 'requested', 'none'],
    update: 'per-broker',
  }),
} satisfies ConfigTable
