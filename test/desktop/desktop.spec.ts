/**
 * The desktop application in a real Electron: the window, its confinement, and the brokers inside
 * its main process, written to by a Kafka client from outside.
 */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test'
import { rootFolder } from '../../scripts/build.ts'
import { applicationFolder } from './application-under-test.ts'
import { provideElectron } from './electron-provider.ts'

test.describe.configure({ mode: 'serial' })

let dataFolder: string
let application: ElectronApplication
let page: Page
let bootstrap: string
let output = ''

test.beforeAll(async () => {
  const electron = await provideElectron()
  if (electron.type === 'absent') {
    // A desktop application whose window nobody opened is not tested, and CI is told so.
    expect(process.env['CI'], electron.reason).toBeUndefined()
    test.skip(true, electron.reason)
    return
  }
  const folder = await applicationFolder(electron)
  dataFolder = mkdtempSync(join(tmpdir(), 'odradek-desktop-'))
  application = await _electron.launch({
    executablePath: electron.executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      folder,
      '--',
      '--data',
      dataFolder,
      '--kafka-port',
      '0',
      '--no-sample',
    ],
  })
  application.process().stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  page = await application.firstWindow()
  bootstrap = await menuBootstrap()
  await page.setViewportSize({ width: 1280, height: 800 }).catch(() => {})
})

test.afterAll(async () => {
  await application?.close().catch(() => {})
  if (dataFolder !== undefined) rmSync(dataFolder, { recursive: true, force: true })
})

test('the window shows the overview of a running cluster', async () => {
  await expect(page).toHaveURL(/^app:\/\/odradek\/index\.html#\/local\/overview/)
  await expect(page.getByText(bootstrap.split(',')[0] ?? '').first()).toBeVisible()
  await keepScreenshot('overview')
})

test('the window is sandboxed, and its place is kept', async () => {
  const preferences = await application.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    const contents = window?.webContents as unknown as {
      getLastWebPreferences(): {
        sandbox: boolean
        contextIsolation: boolean
        nodeIntegration: boolean
      }
    }
    const { sandbox, contextIsolation, nodeIntegration } = contents.getLastWebPreferences()
    return { sandbox, contextIsolation, nodeIntegration, minimum: window?.getMinimumSize() }
  })
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    minimum: [960, 600],
  })
})

test('the brokers listen in the main process itself', async () => {
  test.skip(process.platform !== 'linux', 'only Linux tells whose a socket is without help')
  const pid = application.process().pid ?? 0
  for (const address of bootstrap.split(',')) {
    const port = Number(address.split(':')[1])
    expect(socketsOf(pid), address).toContain(listeningSocket(port))
  }
})

test('a record that a Kafka client writes appears on the page', async () => {
  await produce('desktop-orders', ['first', 'written from outside'])
  await page
    .getByRole('link', { name: /^Topics/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'desktop-orders' }).click()
  await expect(page.getByText('written from outside').first()).toBeVisible()
  await keepScreenshot('messages')
})

test('the page has neither Node nor Electron, and no way out of its origin', async () => {
  const world = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.injected = true'
    document.head.append(script)
    const names = ['require', 'process', 'Buffer', 'electron', 'injected']
    return names.filter(name => name in globalThis)
  })
  expect(world).toEqual([])

  const before = page.url()
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await page.evaluate(() => window.open('https://example.com/') === null)
  expect(page.url()).toBe(before)
  expect(application.windows()).toHaveLength(1)

  const outside = await page.evaluate(() =>
    fetch('app://odradek/../../package.json').then(
      answer => answer.status,
      () => 'refused',
    ),
  )
  expect([404, 'refused']).toContain(outside)
})

test('closing the window stops the brokers and keeps the records', async () => {
  const ended = new Promise<number | null>(resolve =>
    application.process().once('exit', code => resolve(code)),
  )
  await application.evaluate(({ app }) => app.quit()).catch(() => {})
  expect(await ended).toBe(0)
  expect(existsSync(join(dataFolder, 'instance.json'))).toBe(false)
  expect(existsSync(join(dataFolder, 'desktop', 'window.json'))).toBe(true)
})

/** What the menu's "Copy Bootstrap Address" copies, once the brokers listen. */
async function menuBootstrap(): Promise<string> {
  const read = () =>
    application.evaluate(async ({ Menu, clipboard }) => {
      Menu.getApplicationMenu()?.getMenuItemById('copy-bootstrap')?.click()
      return clipboard.readText()
    })
  const listens = /^127\.0\.0\.1:\d+/
  await expect.poll(read, { timeout: 30_000, message: output }).toMatch(listens)
  return read()
}

/** Through kcat where it is installed, else through kafkajs in a process of its own. */
async function produce(topic: string, lines: readonly string[]): Promise<void> {
  const kcat = await ended('kcat', ['-b', bootstrap, '-P', '-t', topic], lines)
  if (kcat === 0) return
  const script = `import { Kafka, logLevel } from 'kafkajs'
const [topic, brokers, ...lines] = process.argv.slice(1)
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR })
const producer = kafka.producer()
await producer.connect()
await producer.send({ topic, messages: lines.map(value => ({ value })) })
await producer.disconnect()`
  const args = ['--input-type=module', '-e', script, topic, bootstrap, ...lines]
  expect(await ended(process.execPath, args, [])).toBe(0)
}

/** The exit code, or null where the program is not there. */
function ended(file: string, args: string[], input: readonly string[]): Promise<number | null> {
  const child = spawn(file, args, { cwd: rootFolder, stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.on('error', () => {})
  child.stdin.end(input.map(line => `${line}\n`).join(''))
  return new Promise(resolve => {
    child.on('error', () => resolve(null))
    child.on('close', resolve)
  })
}

/** The inode of the socket that listens there, from Linux's own table. */
function listeningSocket(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  const columns = rows.map(row => row.trim().split(/\s+/))
  const row = columns.find(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A')
  return `socket:[${row?.[9]}]`
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap(fd => {
    try {
      return [readlinkSync(join(folder, fd))]
    } catch {
      // Closed since the folder was listed.
      return []
    }
  })
}

/** Kept for a person to look at; never compared. */
async function keepScreenshot(name: string): Promise<void> {
  const folder = join(rootFolder, 'artifacts', 'desktop')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
