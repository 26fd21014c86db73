/** The Portuguese words, from one file for each area. Kafka's own terms stay as Kafka writes them. */
import common from './pt/common.json' with { type: 'json' }
import app from './pt/app.json' with { type: 'json' }
import overview from './pt/overview.json' with { type: 'json' }
import statistics from './pt/statistics.json' with { type: 'json' }
import topics from './pt/topics.json' with { type: 'json' }
import messages from './pt/messages.json' with { type: 'json' }
import record from './pt/record.json' with { type: 'json' }
import produce from './pt/produce.json' with { type: 'json' }
import partitions from './pt/partitions.json' with { type: 'json' }
import configuration from './pt/configuration.json' with { type: 'json' }
import brokers from './pt/brokers.json' with { type: 'json' }
import groups from './pt/groups.json' with { type: 'json' }
import offsets from './pt/offsets.json' with { type: 'json' }
import jobs from './pt/jobs.json' with { type: 'json' }
import replication from './pt/replication.json' with { type: 'json' }
import storage from './pt/storage.json' with { type: 'json' }
import wire from './pt/wire.json' with { type: 'json' }
import { withMany } from './plurals.ts'

export const pt = withMany({
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
})
