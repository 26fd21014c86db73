/**
 * Builds out/ when its sources have changed since the last build. Two commands started at once
 * build once: the second waits for the first. Nothing is printed on standard output.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const rootFolder = dirname(dirname(fileURLToPath(import.meta.url)))

const sources = [
  'engine',
  'src-main',
  'src-renderer',
  'resources',
  'electron.vite.config.ts',
  'scripts/thread-bundles.ts',
  'package-lock.json',
]
/** ODRADEK_OUT builds into another folder of the checkout, beside what runs from `out`. */
export const outFolder = join(rootFolder, process.env['ODRADEK_OUT'] ?? 'out')
const stampFile = join(outFolder, 'built-from.txt')
const cacheFolder = join(rootFolder, 'node_modules', '.cache', 'odradek')
const lockFile = join(cacheFolder, `build-${basename(outFolder)}.lock`)
const BUILD_MS_MAX = 180_000

/** Ends the process with the build's own output when the sources do not build. */
export async function buildIfStale(): Promise<void> {
  if (readStamp() === fingerprint()) return
  await lock()
  try {
    const stamp = fingerprint()
    if (readStamp() === stamp) return
    process.stderr.write('odradek: building\n')
    const output = await runBuild()
    if (output !== null) {
      process.stderr.write(`${output}\nodradek: the build ended with an error, see above\n`)
      rmSync(lockFile, { force: true })
      process.exit(1)
    }
    writeFileSync(stampFile, stamp)
  } finally {
    rmSync(lockFile, { force: true })
  }
}

function readStamp(): string | null {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null
}

/** Names, sizes and times are enough: an editor or a checkout that changes bytes changes those. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(rootFolder, source)
    if (!existsSync(path)) continue
    for (const file of statSync(path).isDirectory() ? filesUnder(path) : [path]) {
      const { size, mtimeMs } = statSync(file)
      hash.update(`${file}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .toSorted()
}

/** Null when it built; otherwise everything the build said. */
function runBuild(): Promise<string | null> {
  rmSync(stampFile, { force: true })
  const cli = join(rootFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const child = spawn(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
    cwd: rootFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  return new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('close', code => resolve(code === 0 ? null : output.join('')))
  })
}

async function lock(): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true })
  const giveUpAtMs = Date.now() + BUILD_MS_MAX
  while (Date.now() < giveUpAtMs) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      // Another process builds; its lock counts only while it lives.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (!isAlive(Number(readIfThere(lockFile)))) rmSync(lockFile, { force: true })
      else await delay(100)
    }
  }
  rmSync(lockFile, { force: true })
  await lock()
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // The other process has just finished and removed it.
    return ''
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process of another user may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
