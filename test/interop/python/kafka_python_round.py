"""kafka-python: a protocol written in Python from end to end. Arguments: bootstrap, a prefix.

Says what it saw as JSON lines; judges nothing.
"""
import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewPartitions, NewTopic
from kafka.errors import KafkaError

bootstrap, prefix = sys.argv[1:3]
servers = bootstrap.split(',')
topic = prefix + '-kafka-python'
group = prefix + '-kafka-python-group'


def say(step, **facts):
    print(json.dumps({'step': step, **facts}, default=str), flush=True)


def attempt(step, call):
    try:
        call()
        say(step, error=None)
    except KafkaError as error:
        say(step, error=type(error).__name__)


admin = KafkaAdminClient(bootstrap_servers=servers)
attempt('create', lambda: admin.create_topics([
    NewTopic(topic, 2, 1, topic_configs={'retention.ms': '123456'})]))
attempt('create again', lambda: admin.create_topics([NewTopic(topic, 2, 1)]))
attempt('more partitions', lambda: admin.create_partitions({topic: NewPartitions(3)}))
attempt('delete missing', lambda: admin.delete_topics([topic + '-missing']))
configs = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
say('configs', retention='123456' in json.dumps(configs, default=str))

producer = KafkaProducer(bootstrap_servers=servers, acks='all', enable_idempotence=True,
                         compression_type='gzip')
sent = [producer.send(topic, key=b'k%d' % n, value=b'v%d' % n, headers=[('n', b'%d' % n)],
                      timestamp_ms=1_700_000_000_000 + n, partition=n % 3) for n in range(300)]
offsets = [future.get(20).offset for future in sent]
producer.close()
say('produced', count=len(offsets), last=max(offsets))

consumer = KafkaConsumer(topic, bootstrap_servers=servers, group_id=group,
                         auto_offset_reset='earliest', enable_auto_commit=False,
                         consumer_timeout_ms=15000)
read = {}
for record in consumer:
    read[record.value.decode()] = [record.key.decode(), record.timestamp, record.headers[0][1].decode()]
    if len(read) == 300:
        break
say('consumed', count=len(read), v7=read.get('v7'))
consumer.commit()
partitions = [TopicPartition(topic, p) for p in range(3)]
say('committed', offsets=[consumer.committed(p) for p in partitions])
say('ends', offsets=[consumer.end_offsets(partitions)[p] for p in partitions],
    begins=[consumer.beginning_offsets(partitions)[p] for p in partitions])
times = consumer.offsets_for_times({partitions[0]: 1_700_000_000_150})
say('offset for time', offset=times[partitions[0]].offset)
consumer.seek(partitions[1], 95)
for record in consumer:
    if record.partition == 1:
        say('sought', offset=record.offset, value=record.value.decode())
        break
consumer.close()
say('groups', listed=group in json.dumps(admin.list_groups(), default=str))
attempt('delete group', lambda: admin.delete_groups([group]))
attempt('delete', lambda: admin.delete_topics([topic]))
admin.close()
