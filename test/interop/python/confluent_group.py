"""Two members of one group, cooperative-sticky, static membership: join, share, restart, leave.

Arguments: bootstrap, topic (six partitions), group. Says what it saw; judges nothing.
"""
import json
import sys
import time

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient

bootstrap, topic, group = sys.argv[1:4]
log = []


def say(step, **facts):
    print(json.dumps({'step': step, **facts}), flush=True)


class Member:
    def __init__(self, name):
        self.name, self.owned, self.lost, self.values = name, set(), set(), []
        self.consumer = Consumer({
            'bootstrap.servers': bootstrap, 'group.id': group, 'group.instance.id': name,
            'partition.assignment.strategy': 'cooperative-sticky', 'auto.offset.reset': 'earliest',
            'enable.auto.commit': False, 'heartbeat.interval.ms': 300, 'session.timeout.ms': 6000})
        self.consumer.subscribe([topic], on_assign=self.assigned, on_revoke=self.revoked)

    def assigned(self, consumer, partitions):
        self.owned |= {p.partition for p in partitions}
        consumer.incremental_assign(partitions)

    def revoked(self, consumer, partitions):
        self.owned -= {p.partition for p in partitions}
        self.lost |= {p.partition for p in partitions}
        consumer.incremental_unassign(partitions)

    def poll(self):
        message = self.consumer.poll(0.02)
        if message is not None and not message.error():
            self.values.append(message.value().decode())


def poll_until(members, done, seconds=25):
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            say('ran out of time', owned={m.name: sorted(m.owned) for m in members})
            sys.exit(1)
        for member in members:
            member.poll()


producer = Producer({'bootstrap.servers': bootstrap})
for n in range(300):
    producer.produce(topic, value=f'v{n}', partition=n % 6)
producer.flush(20)

one = Member('one')
poll_until([one], lambda: len(one.owned) == 6 and len(one.values) == 300)
one.consumer.commit(asynchronous=False)
say('alone', owned=sorted(one.owned), read=len(set(one.values)))

two = Member('two')
poll_until([one, two], lambda: len(one.owned) == 3 and len(two.owned) == 3)
say('shared', together=sorted(one.owned | two.owned), kept=len(one.owned - one.lost))

# A static member that goes and comes back within its session gets its partitions without a
# rebalance: the other sees nothing.
before, lost = sorted(two.owned), sorted(one.lost)
two.consumer.close()
two = Member('two')
poll_until([one, two], lambda: len(two.owned) == 3)
say('came back', same=sorted(two.owned) == before, otherUndisturbed=sorted(one.lost) == lost,
    reread=len(two.values))

admin = AdminClient({'bootstrap.servers': bootstrap})
described = admin.describe_consumer_groups([group])[group].result(20)
say('described', state=described.state.name, assignor=described.partition_assignor,
    instances=sorted(m.group_instance_id for m in described.members))
two.consumer.close()
poll_until([one], lambda: len(one.owned) == 6)
say('session ended', owned=sorted(one.owned))
one.consumer.close()
