/**
 * What works on this machine. Each line names a thing, says whether it is there, and if not, what
 * to do. Odradek needs only the first few; the rest makes more of it usable.
 */
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DoctorLine } from '../contract/model/application.ts'
import { listenerPorts } from './listener-ports.ts'
import { versionOf } from './program-version.ts'

const load = createRequire(import.meta.url)

export async function examineMachine(dataFolder: string): Promise<readonly DoctorLine[]> {
  const programs = Promise.all([
    program('kcat', ['kcat', '-V'], 'apt install kcat, or brew install kcat'),
    program('java', ['java', '-version'], 'needed only to compare with Apache Kafka'),
    program('go', ['go', 'version'], 'needed only by the Go client of the interop tests'),
    program('python', ['python3', '--version'], 'needed only by the interop tests'),
  ])
  return [
    node(),
    native('checksums', '@node-rs/crc32', 'checksums are computed in JavaScript, more slowly'),
    native('codec lz4', 'lz4-napi', 'lz4 runs in JavaScript, more slowly'),
    native('codec snappy', 'snappy', 'snappy cannot be read or written'),
    zstd(),
    folder(dataFolder),
    await ports(),
    electron(),
    display(),
    ...(await programs),
  ]
}

function node(): DoctorLine {
  const [major = 0] = process.versions.node.split('.').map(Number)
  const ok = major >= 24
  return {
    name: 'node',
    state: ok ? 'ok' : 'missing',
    detail: `${process.version} (${process.execPath})`,
    remedy: ok ? null : 'npm ci, which brings Node 24',
  }
}

/** Loading is the only honest check of a native package: it may be there for another system. */
function native(name: string, packageName: string, without: string): DoctorLine {
  try {
    load(packageName)
    return { name, state: 'ok', detail: `${packageName} loads`, remedy: null }
  } catch (error) {
    // What the check is for.
    const reason = (error as Error).message.split('\n')[0]
    return { name, state: 'missing', detail: `${without}: ${reason}`, remedy: 'npm ci' }
  }
}

function zstd(): DoctorLine {
  const { zstdCompressSync } = load('node:zlib') as typeof import('node:zlib')
  const builtIn = typeof zstdCompressSync === 'function'
  return {
    name: 'codec zstd',
    state: builtIn ? 'ok' : 'warning',
    detail: builtIn ? 'built into this Node' : 'not in this Node: WebAssembly is used instead',
    remedy: null,
  }
}

function folder(dataFolder: string): DoctorLine {
  const name = 'data folder'
  try {
    mkdirSync(dataFolder, { recursive: true })
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK)
    return { name, state: 'ok', detail: `${dataFolder} is writable`, remedy: null }
  } catch (error) {
    // What the check is for.
    const { message } = error as Error
    return { name, state: 'missing', detail: message, remedy: 'name another with --data FOLDER' }
  }
}

async function ports(): Promise<DoctorLine> {
  const found = await listenerPorts({ count: 3, preferred: 9092, named: null })
  const preferred = found.every((port, index) => port === 9092 + index)
  return {
    name: 'ports',
    state: preferred ? 'ok' : 'warning',
    detail: preferred
      ? '9092, 9093 and 9094 are free'
      : `of 9092 to 9094 some are taken; ${found.join(', ')} are free and would be used`,
    remedy: preferred ? null : 'none is needed: the bootstrap line shown is the true one',
  }
}

/** The package is small and fetches its binary on first use, which is not possible everywhere. */
function electron(): DoctorLine {
  const name = 'electron'
  const running = process.versions['electron']
  if (running !== undefined)
    return { name, state: 'ok', detail: `${running}, running`, remedy: null }
  try {
    const packageFile = load.resolve('electron/package.json')
    const { version } = load(packageFile) as { version: string }
    const pathFile = join(dirname(packageFile), 'path.txt')
    if (existsSync(pathFile)) {
      const binary = join(dirname(packageFile), 'dist', readFileSync(pathFile, 'utf8'))
      if (existsSync(binary))
        return { name, state: 'ok', detail: `${version} (${binary})`, remedy: null }
    }
    const detail = `${version}, but its binary is not there: the pages open in the browser`
    return { name, state: 'missing', detail, remedy: 'npx install-electron (needs github.com)' }
  } catch {
    // The package itself is absent, as in an installation without development packages.
    return { name, state: 'missing', detail: 'the package is not installed', remedy: 'npm ci' }
  }
}

function display(): DoctorLine {
  const name = 'display'
  if (process.platform !== 'linux')
    return { name, state: 'ok', detail: 'the system has one', remedy: null }
  const found = process.env['WAYLAND_DISPLAY'] ?? process.env['DISPLAY']
  if (found !== undefined && found !== '') return { name, state: 'ok', detail: found, remedy: null }
  const detail = 'neither DISPLAY nor WAYLAND_DISPLAY is set: the pages open in the browser'
  return { name, state: 'missing', detail, remedy: 'npm start -- --web' }
}

async function program(
  name: string,
  command: readonly [string, ...string[]],
  remedy: string,
): Promise<DoctorLine> {
  const version = await versionOf(command)
  if (version !== null) return { name, state: 'ok', detail: version, remedy: null }
  return { name, state: 'warning', detail: 'not found', remedy }
}
