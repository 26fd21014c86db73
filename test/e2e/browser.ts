/**
 * A real browser for the page tests: Playwright's own Chromium where it is there or can be
 * fetched, else the system's, else the one inside the package @sparticuz/chromium. One that does
 * not start (a missing library, no sandbox) counts as absent, so each is started once to see.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

export interface TestBrowser {
  readonly name: string
  readonly executablePath: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Chromium refuses its sandbox to root, and CI containers run as root. */
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const FETCH_MS_MAX = 180_000
const START_MS_MAX = 30_000
const FAILURE_REMEMBERED_MS = 86_400_000
/** Passes the choice on to the processes of a test run. */
const CHOICE = 'ODRADEK_TEST_BROWSER'

const cacheFolder = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'odradek-tests',
)

export async function provideBrowser(): Promise<TestBrowser> {
  const chosen = process.env[CHOICE]
  if (chosen !== undefined) return JSON.parse(chosen) as TestBrowser
  const problems: string[] = []
  for (const candidate of [ownChromium, systemChromium, packagedChromium]) {
    const browser = await candidate().catch((error: unknown) => String(error))
    const problem = typeof browser === 'string' ? browser : await startingProblem(browser)
    if (problem === null && typeof browser === 'object') {
      process.env[CHOICE] = JSON.stringify(browser)
      return browser
    }
    problems.push(`${candidate.name}: ${problem}`)
  }
  throw new Error(`no browser starts on this machine\n  ${problems.join('\n  ')}`)
}

async function ownChromium(): Promise<TestBrowser | string> {
  const executablePath = chromium.executablePath()
  if (!existsSync(executablePath)) {
    const problem = await fetchOwn()
    if (problem !== null) return problem
  }
  return { name: "Playwright's Chromium", executablePath, args, env: {} }
}

/** A failure is remembered for a day, so that not every run waits for it. */
async function fetchOwn(): Promise<string | null> {
  const failureFile = join(cacheFolder, 'playwright-unreachable.json')
  if (existsSync(failureFile)) {
    const { atMs } = JSON.parse(readFileSync(failureFile, 'utf8')) as { atMs: number }
    if (Date.now() - atMs < FAILURE_REMEMBERED_MS) return 'could not be fetched earlier today'
  }
  const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'))
  const fetched = await new Promise<boolean>(resolve => {
    execFile(process.execPath, [cli, 'install', 'chromium'], { timeout: FETCH_MS_MAX }, error =>
      resolve(error === null),
    )
  })
  if (fetched) return null
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(failureFile, JSON.stringify({ atMs: Date.now() }))
  return 'cannot be fetched here'
}

async function systemChromium(): Promise<TestBrowser | string> {
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ]
  const executablePath = places.find(existsSync)
  if (executablePath === undefined) return 'none is installed'
  return { name: executablePath, executablePath, args, env: {} }
}

/** The package brings the libraries that a bare container lacks; it unpacks into the temp folder. */
async function packagedChromium(): Promise<TestBrowser | string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'is for x86-64 Linux'
  const folder = join(cacheFolder, 'chromium')
  mkdirSync(folder, { recursive: true })
  const before = { ...process.env }
  process.env['TMPDIR'] = folder
  try {
    const packaged = await import('@sparticuz/chromium')
    const executablePath = await packaged.default.executablePath()
    const bin = fileURLToPath(new URL('../bin', import.meta.resolve('@sparticuz/chromium')))
    await packaged.inflate(join(bin, 'al2023.tar.br'))
    const env = {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    }
    return { name: '@sparticuz/chromium', executablePath, args: [...args, '--no-zygote'], env }
  } finally {
    process.env = before
  }
}

async function startingProblem(browser: TestBrowser): Promise<string | null> {
  try {
    const started = await chromium.launch({ ...launchOptions(browser), timeout: START_MS_MAX })
    const page = await started.newPage()
    const works = (await page.evaluate(() => 6 * 7)) === 42
    await started.close()
    return works ? null : 'starts, but does not run scripts'
  } catch (error) {
    // Whatever keeps it from starting makes it absent.
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown'
  }
}

export function launchOptions({ executablePath, args: given, env }: TestBrowser) {
  return {
    executablePath,
    args: [...given],
    env: { ...(process.env as Record<string, string>), ...env },
  }
}
