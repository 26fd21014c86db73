/** The English words, from one file for each area. Kafka's own terms stay as Kafka writes them. */
import common from './en/common.json' with { type: 'json' }
import app from './en/app.json' with { type: 'json' }
import overview from './en/overview.json' with { type: 'json' }
import statistics from './en/statistics.json' with { type: 'json' }
import topics from './en/topics.json' with { type: 'json' }
import messages from './en/messages.json' with { type: 'json' }
import record from './en/record.json' with { type: 'json' }
import produce from './en/produce.json' with { type: 'json' }
import partitions from './en/partitions.json' with { type: 'json' }
import configuration from './en/configuration.json' with { type: 'json' }
import brokers from './en/brokers.json' with { type: 'json' }
import groups from './en/groups.json' with { type: 'json' }
import offsets from './en/offsets.json' with { type: 'json' }
import jobs from './en/jobs.json' with { type: 'json' }
import replication from './en/replication.json' with { type: 'json' }
import storage from './en/storage.json' with { type: 'json' }
import wire from './en/wire.json' with { type: 'json' }

export const en = {
  ...common,
  ...app,
  ...overview,
  ...topics,
  ...statistics,
  ...messages,
  ...record,
  ...partitions,
  ...produce,
  ...configuration,
  ...brokers,
  ...groups,
  ...offsets,
  ...jobs,
  ...replication,
  ...storage,
  ...wire,
}
