/**
 * A display for the desktop tests where the machine has none: Xvfb, fetched from Debian's packages
 * together with the libraries of Electron when this runs as root (a CI container).
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Each line is one thing under the names it has had in Debian and Ubuntu. */
const packages: readonly (readonly string[])[] = [
  ['xvfb'],
  ['xauth'],
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libasound2t64', 'libasound2'],
  ['libgbm1'],
  ['libxss1'],
  ['libxtst6'],
  ['python3-pip'],
]

/** The command to put before a program that needs a display. */
export type Display =
  | { readonly type: 'ready'; readonly prefix: readonly string[] }
  | { readonly type: 'absent'; readonly reason: string }

export async function provideDisplay(): Promise<Display> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY)
    return { type: 'ready', prefix: [] }
  const problem = await install()
  if (await answers('xvfb-run', '--help')) return { type: 'ready', prefix: ['xvfb-run', '-a'] }
  return { type: 'absent', reason: `there is no display and no xvfb-run: ${problem ?? ''}` }
}

/** Null when everything is there; otherwise why it is not, which need not matter. */
async function install(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'only root can install it'
  if (!(await answers('apt-get', '--version'))) return 'there is no apt-get'
  const missing: (readonly string[])[] = []
  for (const names of packages) if (!(await anyInstalled(names))) missing.push(names)
  if (missing.length === 0) return null
  process.stderr.write(`odradek: installing ${missing.flat().join(' ')}\n`)
  try {
    await apt('update')
    const names = await Promise.all(missing.map(known))
    await apt('install', '--yes', '--no-install-recommends', ...names.flat())
    return null
  } catch (error) {
    // Told only when the display is missing in the end.
    return (error as Error).message.split('\n').slice(0, 3).join(' ')
  }
}

function apt(...args: string[]): Promise<unknown> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return run('apt-get', ['-qq', ...args], { env, timeout: 180_000, maxBuffer: 32 * 1024 * 1024 })
}

async function anyInstalled(names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const status = await run('dpkg-query', ['-W', '-f=${Status}', name]).catch(() => null)
    if (status?.stdout.startsWith('install ok')) return true
  }
  return false
}

/** The first name that this release knows. */
async function known(names: readonly string[]): Promise<string[]> {
  for (const name of names) {
    const policy = await run('apt-cache', ['policy', name]).catch(() => null)
    if (policy !== null && /Candidate: (?!\(none\))/.test(policy.stdout)) return [name]
  }
  return []
}

async function answers(file: string, ...args: string[]): Promise<boolean> {
  return run(file, args).then(
    () => true,
    () => false,
  )
}
