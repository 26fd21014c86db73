/** What the application asks of an inspect worker to count. */
import { object } from '../contract/check.ts'
import { returns, type Contract } from '../contract/define.ts'
import { scanInput } from '../scan/scan-api.ts'
import type { StatisticsUpdate } from './statistics-update.ts'

export const statisticsWorkApi = {
  commands: {},
  streams: {
    'scan.statistics': { input: object(scanInput), item: returns<StatisticsUpdate>() },
  },
  events: {},
} as const satisfies Contract
