/**
 * Finds Electron's own binary, and fetches it the first time. The package holds only a script for
 * that; where its download is not reachable, that is remembered for a day, so that not every
 * start waits for it again.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from './build.ts'

const packageFolder = join(rootFolder, 'node_modules', 'electron')
const cacheFolder = join(rootFolder, 'node_modules', '.cache', 'odradek')
const failureFile = join(cacheFolder, 'electron-unreachable.json')

const REACH_MS_MAX = 10_000
const FETCH_MS_MAX = 600_000
const FAILURE_REMEMBERED_MS = 86_400_000

export type ElectronBinary =
  | { readonly type: 'found'; readonly path: string; readonly version: string }
  | { readonly type: 'absent'; readonly reason: string }

/** Looks without fetching. */
export function findElectron(): ElectronBinary {
  const version = packageVersion()
  if (version === null) return absent('the package electron is not installed')
  // The package's own way to use a binary from elsewhere, such as a distribution's.
  const elsewhere = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (elsewhere !== undefined) {
    const path = join(elsewhere, process.platform === 'win32' ? 'electron.exe' : 'electron')
    return existsSync(path) ? { type: 'found', path, version } : absent(`${path} is not there`)
  }
  const pathFile = join(packageFolder, 'path.txt')
  if (!existsSync(pathFile)) return absent('its binary has not been fetched')
  const path = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? { type: 'found', path, version } : absent('its binary is gone')
}

/** Fetches the binary if need be. `again` tries even after a failure of today. */
export async function obtainElectron({ again }: { again: boolean }): Promise<ElectronBinary> {
  const found = findElectron()
  const version = packageVersion()
  if (found.type === 'found' || version === null) return found
  const failure = again ? null : rememberedFailure(version)
  if (failure !== null) return absent(failure)
  const problem = (await unreachable(version)) ?? (await fetchBinary(version))
  if (problem === null) return findElectron()
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(failureFile, JSON.stringify({ version, atMs: Date.now(), problem }))
  return absent(problem)
}

function absent(reason: string): ElectronBinary {
  return { type: 'absent', reason }
}

function packageVersion(): string | null {
  const file = join(packageFolder, 'package.json')
  if (!existsSync(file)) return null
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

function rememberedFailure(version: string): string | null {
  try {
    const failure = JSON.parse(readFileSync(failureFile, 'utf8')) as Record<string, unknown>
    const ageMs = Date.now() - Number(failure['atMs'])
    const counts = failure['version'] === version && ageMs >= 0 && ageMs < FAILURE_REMEMBERED_MS
    return counts ? String(failure['problem']) : null
  } catch {
    // Nothing is remembered.
    return null
  }
}

/** A network that answers nobody would otherwise be waited for as long as the download may take. */
async function unreachable(version: string): Promise<string | null> {
  const mirrored = Object.keys(process.env).some(name => /electron_mirror|electron_get/i.test(name))
  const cached = process.env['electron_config_cache'] !== undefined
  if (mirrored || cached) return null
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`
  try {
    const signal = AbortSignal.timeout(REACH_MS_MAX)
    const answer = await fetch(url, { method: 'HEAD', signal })
    return answer.ok ? null : `github.com answers ${answer.status}`
  } catch (error) {
    // No network, no name service, or a wall: the browser will do.
    const cause = (error as Error).cause
    return cause instanceof Error ? cause.message : (error as Error).message
  }
}

async function fetchBinary(version: string): Promise<string | null> {
  process.stderr.write(`odradek: fetching Electron ${version} (about 120 MB, once)\n`)
  const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const limit = setTimeout(() => child.kill(), FETCH_MS_MAX)
  const code = await new Promise<number | null>(resolve => {
    child.on('error', () => resolve(null))
    child.on('close', resolve)
  })
  clearTimeout(limit)
  if (code === 0) {
    rmSync(failureFile, { force: true })
    return null
  }
  const lines = errors.join('').split('\n')
  return lines.find(line => line.trim() !== '') ?? 'its download did not finish'
}
