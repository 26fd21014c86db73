/**
 * The application folder that Electron is given: the shipped build for its own binary, or the
 * variant for the older one, built into a cache folder inside node_modules so that packages are
 * found from there.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rootFolder } from '../../scripts/build.ts'
import type { ProvidedElectron } from './electron-provider.ts'

const run = promisify(execFile)

/** Every thread's file. Node 16 lacks much, so each is preceded by the prelude. */
const threads = [
  'desktop',
  'broker-thread',
  'controller-thread',
  'combined-thread',
  'group-worker',
  'inspect-worker',
  'produce-worker',
  'sample-worker',
]

export async function applicationFolder(
  electron: ProvidedElectron & { type: 'provided' },
): Promise<string> {
  if (!electron.old) return rootFolder
  const folder = join(rootFolder, 'node_modules', '.cache', 'odradek', 'old-electron')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const cli = join(rootFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const config = join(rootFolder, 'test', 'desktop', 'electron.vite.config.ts')
  const options = ['--config', config, '--outDir', join(folder, 'out'), '--logLevel', 'warn']
  await run(process.execPath, [cli, 'build', ...options], { cwd: rootFolder })

  for (const thread of threads) precede(join(folder, 'out', 'main'), thread)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'odradek', type: 'commonjs', main: 'out/main/desktop.js' }),
  )
  return folder
}

/** Bundlers put shared chunks first, and the prelude must be before those. */
function precede(folder: string, thread: string): void {
  for (const extension of ['js', 'cjs']) {
    const file = join(folder, `${thread}.${extension}`)
    if (!existsSync(file)) continue
    const body = `${thread}-body.${extension}`
    renameSync(file, join(folder, body))
    writeFileSync(file, `require('./prelude.js')\nrequire('./${body}')\n`)
  }
}
