/** Our own cluster as a separate process, started as a user starts it: `odradek up`. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heapEnvironment, heapFlags } from '../../scripts/memory-settings.mjs'
import { startCommand, type RunningCommand } from './run-command.ts'
import type { ClusterOptions, RunningCluster } from './running-cluster.ts'
import { checkoutFolder, nodeCommand } from './setup/cache.ts'

interface Program {
  readonly path: string
  readonly flags: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** The bundle, as the scripts run it, when `ODRADEK_BUNDLE` asks for it (benches), else the sources. */
function program(): Program {
  const out = process.env['ODRADEK_OUT'] ?? 'out'
  const path = join(checkoutFolder, out, 'main', 'odradek.js')
  if (process.env['ODRADEK_BUNDLE'] && existsSync(path))
    return { path, flags: heapFlags, env: heapEnvironment }
  return { path: join(checkoutFolder, 'src-main', 'cli', 'odradek.ts'), flags: [], env: {} }
}

export async function startOdradek(options: ClusterOptions = {}): Promise<RunningCluster> {
  const brokers = options.brokers ?? 3
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'odradek-'))
  const port = String(options.port ?? 0)
  const { path, flags, env } = program()
  const args = [
    ...flags,
    path,
    'up',
    '--brokers',
    String(brokers),
    '--port',
    port,
    '--data',
    folder,
  ]
  for (const [name, value] of Object.entries(options.configs ?? {}))
    args.push('--config', `${name}=${value}`)
  if (options.combined === true) args.push('--combined')
  if (options.racks !== undefined) args.push('--racks', options.racks.join(','))
  const startedAtMs = Date.now()
  const command = startCommand(nodeCommand, args, { env: { ...process.env, ...env } })
  const bootstrap =
    options.doNotWait === true ? `127.0.0.1:${options.port}` : await bootstrapOf(command)

  return {
    kind: 'odradek',
    bootstrap,
    processIds: [command.processId],
    startedAtMs,
    get logFolders() {
      return brokerFolders(folder)
    },
    stop: async () => {
      const status = await command.end('SIGTERM', 10_000)
      if (options.dataFolder === undefined) rmSync(folder, { recursive: true, force: true })
      if (status !== 0) throw new Error(`odradek up ended with ${status}:\n${command.errors()}`)
    },
    kill: async () => {
      await command.end('SIGKILL')
    },
    words: () => command.output() + command.errors(),
  }
}

async function bootstrapOf(command: RunningCommand): Promise<string> {
  const line = await command.line(/^bootstrap=/, 30_000).catch(async (error: Error) => {
    await command.end('SIGKILL')
    throw error
  })
  return line.slice('bootstrap='.length).trim()
}

/** Folders with a `meta.properties`: those of the brokers and the controller. */
function brokerFolders(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter(name => name.endsWith('meta.properties'))
    .map(name => join(folder, name.slice(0, -'meta.properties'.length)))
}
