/**
 * All addresses of the application. Each page reads its part of the address itself, through the
 * `validateSearch` that its feature exports; a link restores the whole view.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { BrokerPage } from '../features/brokers/broker-page.tsx'
import { BrokersPage } from '../features/brokers/brokers-page.tsx'
import { BrokerDefaultsPage } from '../features/brokers/broker-defaults-page.tsx'
import { readBrokerSearch, readBrokersSearch } from '../features/brokers/brokers-search.ts'
import { ConfigurationPage } from '../features/configuration/configuration-page.tsx'
import { readConfigurationSearch } from '../features/configuration/configuration-search.ts'
import { GroupPage } from '../features/groups/group-page.tsx'
import { GroupsPage } from '../features/groups/groups-page.tsx'
import { readGroupSearch, readGroupsSearch } from '../features/groups/groups-search.ts'
import { TopicGroupsPage } from '../features/groups/topic-groups-page.tsx'
import { MessagesPage } from '../features/messages/messages-page.tsx'
import { readMessagesSearch } from '../features/messages/query/address.ts'
import { CreateGroupPage } from '../features/offsets/create-group-page.tsx'
import { OffsetsPage } from '../features/offsets/offsets-page.tsx'
import { readCreateGroupSearch, readOffsetsSearch } from '../features/offsets/offsets-search.ts'
import { OverviewPage } from '../features/overview/overview-page.tsx'
import { ClusterPartitionsPage } from '../features/partitions/cluster-partitions-page.tsx'
import { readClusterPartitionsSearch } from '../features/partitions/cluster-partitions-search.ts'
import { PartitionsPage } from '../features/partitions/partitions-page.tsx'
import { readPartitionsSearch } from '../features/partitions/partitions-search.ts'
import { StoragePage } from '../features/storage/storage-page.tsx'
import { readStorageSearch } from '../features/storage/storage-search.ts'
import { WirePage } from '../features/wire/wire-page.tsx'
import { readWireSearch } from '../features/wire/wire-search.ts'
import { StatisticsPage } from '../features/statistics/statistics-page.tsx'
import { readStatisticsSearch } from '../features/statistics/statistics-search.ts'
import { TopicsPage } from '../features/topics/topics-page.tsx'
import { readTopicsSearch } from '../features/topics/topics-search.ts'
import { readProduceSearch } from '../produce/produce-search.ts'
import { ClusterFrame } from './cluster-frame.tsx'
import { hashHistory } from './hash-history.ts'
import { NotFound, PageCrash } from './lost.tsx'
import { isZone } from './preferences.ts'
import { Root } from './root.tsx'
import { TopicFrame } from './topic-frame.tsx'
import { parseSearch, stringifySearch } from './url.ts'

interface RootSearch {
  /** The zone of a link's sender, which overrules the reader's own. */
  readonly tz?: string
}

const root = createRootRoute({
  component: Root,
  validateSearch: (search: Record<string, unknown>): RootSearch =>
    isZone(search.tz) ? { tz: search.tz } : {},
  search: { middlewares: [retainSearchParams(['tz'])] },
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  // The application finds out which cluster is the first; see `Root`.
  component: () => null,
})

const cluster = createRoute({
  getParentRoute: () => root,
  path: '$cluster',
  component: ClusterFrame,
})

const clusterHome = createRoute({
  getParentRoute: () => cluster,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$cluster/overview', params, replace: true })
  },
})

const overview = createRoute({
  getParentRoute: () => cluster,
  path: 'overview',
  component: OverviewPage,
})

const topics = createRoute({
  getParentRoute: () => cluster,
  path: 'topics',
  validateSearch: readTopicsSearch,
  component: TopicsPage,
})

const topic = createRoute({
  getParentRoute: () => cluster,
  path: 'topics/$topic',
  // The panel stays open from tab to tab.
  validateSearch: readProduceSearch,
  search: { middlewares: [retainSearchParams(['produce'])] },
  component: TopicFrame,
})

const messages = createRoute({
  getParentRoute: () => topic,
  path: '/',
  validateSearch: readMessagesSearch,
  component: MessagesPage,
})

const partitions = createRoute({
  getParentRoute: () => topic,
  path: 'partitions',
  validateSearch: readPartitionsSearch,
  component: PartitionsPage,
})

const topicGroups = createRoute({
  getParentRoute: () => topic,
  path: 'groups',
  component: TopicGroupsPage,
})

const configuration = createRoute({
  getParentRoute: () => topic,
  path: 'configuration',
  validateSearch: readConfigurationSearch,
  component: ConfigurationPage,
})

const storage = createRoute({
  getParentRoute: () => topic,
  path: 'storage',
  validateSearch: readStorageSearch,
  component: StoragePage,
})

const statistics = createRoute({
  getParentRoute: () => topic,
  path: 'statistics',
  validateSearch: readStatisticsSearch,
  component: StatisticsPage,
})

const groups = createRoute({
  getParentRoute: () => cluster,
  path: 'groups',
  validateSearch: readGroupsSearch,
  component: GroupsPage,
})

const group = createRoute({
  getParentRoute: () => cluster,
  path: 'groups/$group',
  validateSearch: readGroupSearch,
  component: GroupPage,
})

const offsets = createRoute({
  getParentRoute: () => cluster,
  path: 'groups/$group/offsets',
  validateSearch: readOffsetsSearch,
  component: OffsetsPage,
})

/** Beside `groups`, so that it takes no group's name. */
const createGroup = createRoute({
  getParentRoute: () => cluster,
  path: 'create-group',
  validateSearch: readCreateGroupSearch,
  component: CreateGroupPage,
})

const clusterPartitions = createRoute({
  getParentRoute: () => cluster,
  path: 'partitions',
  validateSearch: readClusterPartitionsSearch,
  component: ClusterPartitionsPage,
})

const brokers = createRoute({
  getParentRoute: () => cluster,
  path: 'brokers',
  validateSearch: readBrokersSearch,
  component: BrokersPage,
})

const broker = createRoute({
  getParentRoute: () => cluster,
  path: 'brokers/$broker',
  validateSearch: readBrokerSearch,
  component: BrokerPage,
})

const brokerDefaults = createRoute({
  getParentRoute: () => cluster,
  path: 'broker-defaults',
  validateSearch: readBrokerSearch,
  component: BrokerDefaultsPage,
})

const wire = createRoute({
  getParentRoute: () => cluster,
  path: 'wire',
  validateSearch: readWireSearch,
  component: WirePage,
})

const routeTree = root.addChildren([
  home,
  cluster.addChildren([
    clusterHome,
    overview,
    topics,
    topic.addChildren([messages, partitions, topicGroups, configuration, statistics, storage]),
    groups,
    group,
    offsets,
    createGroup,
    clusterPartitions,
    brokers,
    broker,
    brokerDefaults,
    wire,
  ]),
])

export function createAppRouter() {
  return createRouter({
    routeTree,
    history: hashHistory(),
    parseSearch,
    stringifySearch,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageCrash,
    defaultPendingMs: 300,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
