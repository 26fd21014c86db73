"""Where librdkafka's partitioners put keys.

Arguments: bootstrap, topic, partitioner. Keys come as lines of hex, `-` for a null key. Says the
partition of each, in order, as JSON lines; judges nothing.
"""
import json
import sys

from confluent_kafka import Producer

bootstrap, topic, partitioner = sys.argv[1:4]
producer = Producer({'bootstrap.servers': bootstrap, 'partitioner': partitioner, 'linger.ms': 5})
keys = [None if line == '-' else bytes.fromhex(line) for line in sys.argv[4:]]
found = [None] * len(keys)


def delivered(index):
    def on_delivery(error, message):
        found[index] = str(error) if error is not None else message.partition()
    return on_delivery


for index, key in enumerate(keys):
    producer.produce(topic, value=b'v', key=key, on_delivery=delivered(index))
producer.flush(20)
for partition in found:
    print(json.dumps({'partition': partition}), flush=True)
