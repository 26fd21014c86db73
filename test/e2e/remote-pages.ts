/**
 * The pages of a cluster that runs elsewhere: the service and the built pages, with no cluster of
 * their own. The cluster is there twice: as `remote`, and as `guarded`, which allows no changes.
 * Run with `--bootstrap host:port,…`; prints the pages' address, and ends with SIGTERM.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { outFolder } from '../../scripts/build.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationInfo, SampleStatus } from '../../src-main/contract/model/application.ts'
import { createApplicationServer } from '../../src-main/service/application-server.ts'
import { startWebServer } from '../../src-main/web/web-server.ts'

const { values } = parseArgs({ options: { bootstrap: { type: 'string' } } })
const bootstrap = values.bootstrap ?? ''
const clusters = new ClusterRegistry()
for (const [id, colour] of [
  ['remote', '#b45309'],
  ['guarded', '#7c3aed'],
] as const) {
  const client = openClient({ bootstrap: addressesOf(bootstrap), clientId: 'odradek' })
  const readOnly = id === 'guarded'
  const status = { state: 'running', bootstrap, problem: null } as const
  clusters.register({ id, name: id, kind: 'remote', colour, readOnly, client }, status)
}

const noSample: SampleStatus = {
  state: 'absent',
  cluster: '',
  topics: [],
  groups: [],
  producedCount: 0n,
  consumedCount: 0n,
  problem: null,
}
const answer = async () => noSample
const info: ApplicationInfo = {
  version: '0',
  mode: 'web',
  platform: `${process.platform} ${process.arch}`,
  runtime: `Node ${process.versions.node}`,
  dataFolder: null,
  startedAtMs: BigInt(Date.now()),
  doctor: [],
}
const server = createApplicationServer({
  clusters,
  sample: {
    status: () => noSample,
    start: answer,
    stop: answer,
    remove: answer,
    onChange: () => () => {},
  },
  info: async () => info,
  nowMs: Date.now,
  wait,
  onMistake: ({ message, details }) =>
    void process.stderr.write(`mistake: ${message}\n${details ?? ''}\n`),
})
const web = await startWebServer({
  folder: join(outFolder, 'renderer'),
  port: 0,
  serveFrames: port => server.serveFrames(port),
})
process.stdout.write(`bootstrap=${bootstrap}\n${web.url}\n`)

process.once('SIGTERM', () => {
  void (async () => {
    await web.close()
    await server.close()
    for (const { id } of clusters.list()) clusters.unregister(id)
    process.exitCode = 0
  })()
})
