/**
 * What `npm start` does once packages and Node are right: finds an application that runs already,
 * builds what is stale, and opens the desktop window, or says in one line why it cannot and
 * serves the same pages to the browser.
 */
import { spawn } from 'node:child_process'
import { findInstance } from '../src-main/application/instance.ts'
import {
  parseStartOptions,
  startHelp,
  UsageError,
  type StartOptions,
} from '../src-main/application/start-options.ts'
import { buildIfStale, rootFolder } from './build.ts'
import { obtainElectron } from './electron-binary.ts'

export async function launch(args: readonly string[]): Promise<void> {
  const options = optionsFrom(args)
  if (options === null) return
  // Before the build: a running application must not have its files replaced.
  const running = options.ephemeral ? null : await findInstance(options.dataFolder)
  if (running !== null) return runWeb(args)
  await buildIfStale()
  if (options.surface === 'web') return runWeb(args)

  const obstacle = await openDesktop(options, args)
  if (obstacle === null) return
  if (options.surface === 'desktop') {
    process.stderr.write(`odradek: no desktop window: ${obstacle}\n`)
    process.exitCode = 1
    return
  }
  process.stdout.write(`No desktop window (${obstacle}): the same application is in the browser.\n`)
  await runWeb(args)
}

/** Null when there is nothing more to do; the exit code has been set then. */
function optionsFrom(args: readonly string[]): StartOptions | null {
  try {
    const options = parseStartOptions(args)
    if (options === null) process.stdout.write(startHelp)
    return options
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`odradek: ${error.message}\n`)
    process.exitCode = 2
    return null
  }
}

/** In this very process, so that signals reach it without a middleman. */
async function runWeb(args: readonly string[]): Promise<void> {
  process.argv.splice(2, process.argv.length, 'web', ...args.filter(arg => arg !== '--desktop'))
  await import(new URL('../out/main/odradek.js', import.meta.url).href)
}

/** Null when the window was opened (this process then ends with it), else why it was not. */
async function openDesktop(options: StartOptions, args: readonly string[]): Promise<string | null> {
  const obstacle = displayObstacle()
  if (obstacle !== null) return obstacle
  const electron = await obtainElectron({ again: options.surface === 'desktop' })
  if (electron.type === 'absent') return `Electron cannot be had here: ${electron.reason}`
  return runElectron(electron.path, args)
}

function displayObstacle(): string | null {
  if (process.platform !== 'linux') return null
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (!DISPLAY && !WAYLAND_DISPLAY) return 'there is no display'
  return process.getuid?.() === 0 ? "Chromium's sandbox does not run as root" : null
}

/** Some systems forbid the sandbox's namespaces, and Electron ends at once: that is an obstacle. */
function runElectron(binary: string, args: readonly string[]): Promise<string | null> {
  const child = spawn(binary, [rootFolder, '--', ...args], {
    stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
  })
  let opened = false
  let lastLine = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    if (opened) process.stderr.write(chunk)
    else lastLine = chunk.toString().trim().split('\n').at(-1) ?? lastLine
  })
  // Any message means that the main process runs: what happens then is its own to tell.
  child.on('message', () => (opened = true))
  const forward = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward)
  return new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('exit', code => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, forward)
      if (opened || code === 0) process.exitCode = code ?? 1
      resolve(
        opened || code === 0 ? null : `Electron ended with ${code ?? 'a signal'}: ${lastLine}`,
      )
    })
  })
}
