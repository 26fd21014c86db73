/**
 * Everything a page may ask of the application, and everything it may be told, put together from
 * one file per area in `api/`. The plain data that travels is in `model/`: offsets, timestamps,
 * producer ids and counts of records are bigint there, since they are int64 in Kafka; sizes in
 * bytes are numbers; null means unknown or absent, never zero.
 */
import { applicationApi as application } from './api/application.ts'
import { clusterApi } from './api/cluster.ts'
import { configurationApi } from './api/configuration.ts'
import { decodeApi } from './api/decode.ts'
import { exportApi } from './api/export.ts'
import { groupApi } from './api/group.ts'
import { jobApi } from './api/job.ts'
import { offsetApi } from './api/offset.ts'
import { preferenceApi } from './api/preference.ts'
import { produceApi } from './api/produce.ts'
import { recordApi } from './api/record.ts'
import { replicationApi } from './api/replication.ts'
import { searchApi } from './api/search.ts'
import { statisticsApi } from './api/statistics.ts'
import { topicApi } from './api/topic.ts'
import { topicActApi } from './api/topic-act.ts'
import { storageApi } from './api/storage.ts'
import { wireApi } from './api/wire.ts'
import type { Client, Contract, Handlers } from './define.ts'

export const applicationApi = {
  commands: {
    ...application.commands,
    ...clusterApi.commands,
    ...topicApi.commands,
    ...topicActApi.commands,
    ...configurationApi.commands,
    ...recordApi.commands,
    ...searchApi.commands,
    ...exportApi.commands,
    ...statisticsApi.commands,
    ...produceApi.commands,
    ...preferenceApi.commands,
    ...decodeApi.commands,
    ...groupApi.commands,
    ...offsetApi.commands,
    ...jobApi.commands,
    ...storageApi.commands,
    ...wireApi.commands,
    ...replicationApi.commands,
  },
  streams: {
    ...clusterApi.streams,
    ...topicActApi.streams,
    ...recordApi.streams,
    ...searchApi.streams,
    ...exportApi.streams,
    ...statisticsApi.streams,
    ...produceApi.streams,
    ...preferenceApi.streams,
    ...groupApi.streams,
    ...offsetApi.streams,
    ...jobApi.streams,
    ...wireApi.streams,
  },
  events: {
    ...application.events,
    ...clusterApi.events,
    ...topicApi.events,
    ...searchApi.events,
    ...configurationApi.events,
    ...replicationApi.events,
  },
} as const satisfies Contract

export type ApplicationApi = typeof applicationApi
export type ApplicationClient = Client<ApplicationApi>
export type ApplicationHandlers = Handlers<ApplicationApi>
