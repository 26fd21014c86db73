"""confluent-kafka (librdkafka): idempotent producing, reading by offset and time, admin calls.

Arguments: bootstrap, a prefix for names. Says what it saw as JSON lines; judges nothing.
"""
import json
import sys
import time

from confluent_kafka import (Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer,
                             TopicCollection, TopicPartition)
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource,
                                   NewPartitions, NewTopic, OffsetSpec, ResourceType)

bootstrap, prefix = sys.argv[1:3]
topic = prefix + '-confluent'
group = prefix + '-group'


def say(step, **facts):
    print(json.dumps({'step': step, **facts}), flush=True)


def error_of(future):
    try:
        future.result(20)
    except KafkaException as error:
        return error.args[0].name()
    return None


admin = AdminClient({'bootstrap.servers': bootstrap})

# Topics.
new = NewTopic(topic, 3, 1, config={'retention.ms': '86400000', 'max.message.bytes': '200000'})
say('create', error=error_of(admin.create_topics([new])[topic]))
say('create again', error=error_of(admin.create_topics([new])[topic]))
wrong = NewTopic(topic + '-wrong', 3, 1, config={'no.such.config': '1'})
say('unknown config', error=error_of(admin.create_topics([wrong])[wrong.topic]))
wide = NewTopic(topic + '-wide', 1, 9)
say('replication factor 9', error=error_of(admin.create_topics([wide])[wide.topic]))
bad = NewTopic('bad name', 1, 1)
say('bad name', error=error_of(admin.create_topics([bad])[bad.topic]))
dry = NewTopic(topic + '-dry', 1, 1)
say('validate only', error=error_of(admin.create_topics([dry], validate_only=True)[dry.topic]))
say('more partitions',
    error=error_of(admin.create_partitions([NewPartitions(topic, 4)])[topic]))
say('fewer partitions',
    error=error_of(admin.create_partitions([NewPartitions(topic, 2)])[topic]))
for _ in range(200):
    metadata = admin.list_topics(timeout=10)
    if topic in metadata.topics and len(metadata.topics[topic].partitions) == 4:
        break
    time.sleep(0.05)
say('metadata', partitions=len(metadata.topics[topic].partitions),
    names=sorted(name for name in metadata.topics if name.startswith(prefix)))
described = admin.describe_topics(TopicCollection([topic]))[topic].result(20)
say('describe topic', partitions=[p.id for p in described.partitions], internal=described.is_internal,
    hasId=str(described.topic_id) not in ('', 'AAAAAAAAAAAAAAAAAAAAAA'))
cluster = admin.describe_cluster().result(20)
say('describe cluster', nodes=len(cluster.nodes), clusterId=bool(cluster.cluster_id),
    controller=cluster.controller is not None)

# Configurations.
resource = ConfigResource(ResourceType.TOPIC, topic)


def config_of(name):
    entry = admin.describe_configs([resource])[resource].result(20)[name]
    return {'value': entry.value, 'source': entry.source, 'default': entry.is_default}


say('config', retention=config_of('retention.ms'), segment=config_of('segment.bytes'))
change = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[
    ConfigEntry('retention.ms', '3600000', incremental_operation=AlterConfigOpType.SET),
    ConfigEntry('max.message.bytes', None, incremental_operation=AlterConfigOpType.DELETE)])
say('alter config', error=error_of(admin.incremental_alter_configs([change])[change]))
for _ in range(200):
    if config_of('retention.ms')['value'] == '3600000':
        break
    time.sleep(0.02)
say('altered config', retention=config_of('retention.ms'), size=config_of('max.message.bytes'))
refused = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[
    ConfigEntry('retention.ms', 'soon', incremental_operation=AlterConfigOpType.SET)])
say('bad value', error=error_of(admin.incremental_alter_configs([refused])[refused]))

# Records.
delivered = []
producer = Producer({'bootstrap.servers': bootstrap, 'enable.idempotence': True,
                     'compression.type': 'lz4', 'linger.ms': 5})
start_ms = 1_700_000_000_000
for n in range(1000):
    producer.produce(topic, key=f'k{n}', value=f'v{n}', headers=[('n', str(n))], partition=n % 4,
                     timestamp=start_ms + n * 1000,
                     on_delivery=lambda error, m: delivered.append((error, m.partition(), m.offset())))
producer.flush(30)
say('produced', count=len(delivered), errors=[str(e) for e, _, _ in delivered if e],
    last=max(offset for _, _, offset in delivered))

consumer = Consumer({'bootstrap.servers': bootstrap, 'group.id': group, 'enable.auto.commit': False,
                     'auto.offset.reset': 'earliest', 'enable.partition.eof': False})
consumer.subscribe([topic])
read = {}
while len(read) < 1000:
    message = consumer.poll(20)
    if message is None:
        break
    if message.error():
        say('consumer error', error=str(message.error()))
        break
    read[message.key().decode()] = (message.value().decode(), message.timestamp()[1],
                                    dict(message.headers())['n'].decode())
say('consumed', count=len(read), k7=read.get('k7'))
consumer.commit(asynchronous=False)
say('watermarks', values=[list(consumer.get_watermark_offsets(TopicPartition(topic, p), 10))
                          for p in range(4)])
at = consumer.offsets_for_times([TopicPartition(topic, 1, start_ms + 401_000)], 10)
say('offset for time', offset=at[0].offset)
late = consumer.offsets_for_times([TopicPartition(topic, 1, start_ms + 9_000_000)], 10)
say('offset for a later time', offset=late[0].offset)
say('committed', offsets=[p.offset for p in
                          consumer.committed([TopicPartition(topic, p) for p in range(4)], 10)])

# Groups, while the member is there and after it has left.
described = admin.describe_consumer_groups([group])[group].result(20)
say('group', state=described.state.name, members=len(described.members),
    assigned=sum(len(m.assignment.topic_partitions) for m in described.members))
say('delete busy group', error=error_of(admin.delete_consumer_groups([group])[group]))
consumer.close()
listed = admin.list_consumer_groups().result(20)
say('list groups', states={g.group_id: g.state.name for g in listed.valid if g.group_id == group})
request = [ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 2)])]
offsets = admin.list_consumer_group_offsets(request)[group].result(20)
say('group offsets', offsets=[[p.partition, p.offset] for p in offsets.topic_partitions])
change = [ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 2, 5)])]
say('alter offsets', error=error_of(admin.alter_consumer_group_offsets(change)[group]))
offsets = admin.list_consumer_group_offsets(request)[group].result(20)
say('altered offsets', offsets=[[p.partition, p.offset] for p in offsets.topic_partitions])
say('delete group', error=error_of(admin.delete_consumer_groups([group])[group]))

# Offsets and deletion of records.
specs = {'earliest': OffsetSpec.earliest(), 'latest': OffsetSpec.latest(),
         'max timestamp': OffsetSpec.max_timestamp()}
partition = TopicPartition(topic, 0)
for name, spec in specs.items():
    result = admin.list_offsets({partition: spec})[partition].result(20)
    say('list offsets ' + name, offset=result.offset, timestamp=result.timestamp)
before = TopicPartition(topic, 0, 100)
deleted = admin.delete_records([before])[before].result(20)
say('delete records', lowWatermark=deleted.low_watermark)
result = admin.list_offsets({partition: OffsetSpec.earliest()})[partition].result(20)
say('earliest after deletion', offset=result.offset)
say('delete topic', error=error_of(admin.delete_topics([topic])[topic]))
say('delete again', error=error_of(admin.delete_topics([topic])[topic]))
