"""confluent-kafka (librdkafka): produces numbered records at a rate until SIGTERM, and says what
became of each: `a NUMBER OFFSET MILLISECONDS` when it is acknowledged, `e NUMBER ERROR` when not.

Arguments: bootstrap, topic, prefix of the values, records per second, acks, any further
configurations as name=value.
"""
import signal
import sys
import time

from confluent_kafka import Producer

bootstrap, topic, prefix, rate, acks = sys.argv[1:6]
configs = dict(each.split('=', 1) for each in sys.argv[6:])
stopping = False


def stop(*_):
    global stopping
    stopping = True


def answered(number):
    def say(error, message):
        if error is None:
            print('a', number, message.offset(), int(time.time() * 1000), flush=True)
        else:
            print('e', number, error.name(), flush=True)
    return say


signal.signal(signal.SIGTERM, stop)
producer = Producer({'bootstrap.servers': bootstrap, 'acks': acks, 'linger.ms': 0,
                     'enable.idempotence': acks == 'all', **configs})
begun = time.monotonic()
sent = 0
while not stopping:
    due = int((time.monotonic() - begun) * float(rate))
    # While nothing is answered the queue does not grow without end.
    while sent < due and len(producer) < 20_000:
        producer.produce(topic, value=f'{prefix}.{sent}', on_delivery=answered(sent))
        sent += 1
    producer.poll(0.01)
left = producer.flush(60)
print('left', left, flush=True)
