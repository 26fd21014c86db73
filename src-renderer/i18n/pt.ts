/** The Portuguese words, from one file for each area. Kafka's own terms stay as Kafka writes them. */
import common from './pt/common.json' with { type: 'json' }
import app from './pt/app.json' with { type: 'json' }
import overview from './pt/overview.json' with { type: 'json' }
import statistics from './pt/statistics.json' with { type: 'json' }
import topics from './pt/topics.json' with { type: 'json' }
import partitions from './pt/partitions.json' with { type: 'json' }
import brokers from './pt/brokers.json' with { type: 'json' }
import jobs from './pt/jobs.json' with { type: 'json' }
import { withMany } from './plurals.ts'

export const pt = withMany({
  ...common,
  ...app,
  ...overview,
  ...topics,
  ...statistics,
  ...partitions,
  ...brokers,
  ...jobs,
})
