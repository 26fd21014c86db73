/** The C load generator over librdkafka, built into the cache when its source changes. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runChecked, runCommand } from '../interop/run-command.ts'
import { cacheFolder, checkoutFolder } from '../interop/setup/cache.ts'
import { installPackages } from '../interop/setup/client.ts'

const source = join(checkoutFolder, 'test', 'bench', 'load.c')

export interface Throughput {
  readonly records: number
  readonly seconds: number
  /** Of the client itself. */
  readonly cpuSeconds: number
}

export interface Latency {
  readonly p50Us: number
  readonly p99Us: number
  readonly p999Us: number
}

/** The program's path; builds it, and installs librdkafka's headers where that is possible. */
export async function loadGenerator(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const program = cacheFolder('bench', `load-${hash}`)
  if (existsSync(program)) return program
  mkdirSync(dirname(program), { recursive: true })
  const build = async () => {
    const flags = ['-O2', '-o', program, source, ...(await librdkafkaFlags())]
    return await runCommand('cc', flags)
  }
  if ((await build()).status !== 0) {
    await installPackages({ apt: ['gcc', 'libc6-dev', 'librdkafka-dev'], brew: ['librdkafka'] })
    const built = await build()
    if (built.status !== 0) throw new Error(`the load generator does not build:\n${built.stderr}`)
  }
  return program
}

export async function load<T>(...args: (string | number)[]): Promise<T> {
  const program = await loadGenerator()
  const { stdout } = await runChecked(program, args.map(String), { timeoutMs: 180_000 })
  return JSON.parse(stdout) as T
}

async function librdkafkaFlags(): Promise<string[]> {
  const found = await runCommand('pkg-config', ['--cflags', '--libs', 'rdkafka'])
  return found.status === 0 ? found.stdout.trim().split(/\s+/) : ['-lrdkafka']
}
