/** Start, windows and end of the desktop application. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, MessageChannelMain } from 'electron'
import { parseStartOptions, UsageError, type StartOptions } from '../application/start-options.ts'
import { startApplication, type Application } from '../application/start-application.ts'
import { confinePages, isOurs } from './confine.ts'
import { framePortOf } from '../contract/message-port.ts'
import { setMenu } from './menu.ts'
import { declarePageScheme, servePages } from './page-protocol.ts'
import { openWindow } from './window.ts'

const STOP_MS_MAX = 20_000

/** Everything up to the first await happens before Electron is ready. */
export async function runDesktop(argv: readonly string[]): Promise<void> {
  const options = optionsFrom(argv)
  if (options === null) return app.exit(2)
  prepare(options)
  if (!app.requestSingleInstanceLock()) {
    process.stdout.write('Odradek is already open: its window is in front now.\n')
    return app.exit(0)
  }
  await app.whenReady()
  servePages()
  confinePages()

  const application = start(options)
  let bootstrap: string | null = null
  setMenu({ window: theWindow, bootstrap: () => bootstrap, dataFolder: options.dataFolder })
  connectPages(application)
  endWith(application)
  app.on('second-instance', () => bringToFront(theWindow() ?? openWindow()))
  app.on('activate', () => theWindow() ?? openWindow())
  openWindow()

  const started = await application
  if (started === null) return app.exit(1)
  bootstrap = started.bootstrap
  process.stdout.write(`bootstrap=${bootstrap}\n`)
  process.send?.({ type: 'ready', bootstrap })
}

/** Null when what was typed is not understood, which has been said then. */
function optionsFrom(argv: readonly string[]): StartOptions | null {
  const mark = argv.indexOf('--')
  try {
    return parseStartOptions(mark < 0 ? [] : argv.slice(mark + 1))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`odradek: ${error.message}\n`)
    return null
  }
}

/** What has to be said before Electron is ready. */
function prepare({ dataFolder }: StartOptions): void {
  app.setName('Odradek')
  // Chromium's sandbox refuses root, and tests in containers are root: they alone pass the switch.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  declarePageScheme()
  // The lock on a single instance goes by this folder: one window per data folder.
  const userData = join(dataFolder, 'desktop')
  mkdirSync(userData, { recursive: true })
  app.setPath('userData', userData)
}

/** Null when there is nothing to show; the reason has been shown then. */
async function start(options: StartOptions): Promise<Application | null> {
  try {
    const result = await startApplication({ ...options, surface: 'desktop' })
    if (result.type === 'started') return result.application
    const { pid, url } = result.instance
    dialog.showErrorBox(
      'Odradek is already running',
      `Process ${pid} holds ${options.dataFolder}.${url === null ? '' : ` Its pages are at ${url}`}`,
    )
  } catch (error) {
    // The top of the desktop application: the reason goes to the user, who has no console.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.send?.({ type: 'failed', reason: (error as Error).message })
    dialog.showErrorBox('The cluster does not start', (error as Error).message)
  }
  return null
}

/** A page asks for a port whenever it is loaded, and again after it has lost one. */
function connectPages(application: Promise<Application | null>): void {
  ipcMain.on('odradek:port-wanted', event => {
    if (event.senderFrame === null || !isOurs(event.senderFrame.url)) return
    const { port1, port2 } = new MessageChannelMain()
    event.sender.postMessage('odradek:port', null, [port2])
    void application.then(started => started?.serve(framePortOf(port1)))
  })
}

/** However the end comes, the brokers stop cleanly first, and within a limit. */
function endWith(application: Promise<Application | null>): void {
  let stopped = false
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', event => {
    if (stopped) return
    event.preventDefault()
    const limit = setTimeout(() => app.exit(1), STOP_MS_MAX)
    void application
      .then(started => started?.stop())
      .finally(() => {
        clearTimeout(limit)
        stopped = true
        app.quit()
      })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
}

function theWindow(): BrowserWindow | null {
  return BrowserWindow.getAllWindows()[0] ?? null
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
