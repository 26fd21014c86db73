/** The Portuguese words, from one file for each area. Kafka's own terms stay as Kafka writes them. */
import app from './pt/app.json' with { type: 'json' }
import { withMany } from './plurals.ts'

export const pt = withMany({ ...app })
