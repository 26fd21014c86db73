/** The application itself and its sample shop. */
import { object } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { ApplicationInfo, ControlAddress, SampleStatus } from '../model/application.ts'

export const applicationApi = {
  commands: {
    'app.info': { input: object({}), output: returns<ApplicationInfo>() },
    /** With its token, for commands that a page hands out; null where nothing listens. */
    'app.control': { input: object({}), output: returns<ControlAddress | null>() },
    'sample.status': { input: object({}), output: returns<SampleStatus>() },
    'sample.start': { input: object({}), output: returns<SampleStatus>() },
    'sample.stop': { input: object({}), output: returns<SampleStatus>() },
    /** Stops it, and deletes its topics and groups. */
    'sample.remove': { input: object({}), output: returns<SampleStatus>() },
  },
  streams: {},
  events: {
    'sample.changed': returns<SampleStatus>(),
  },
} as const satisfies Contract
