/**
 * One running application per data folder. `instance.json` in the folder says which process holds
 * it and where it is reached, for a second start and for the command line. It contains the tokens
 * of the pages and of the control address, so only its owner may read it.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { ControlAddress } from '../contract/model/application.ts'

const FILE = 'instance.json'
const STARTING_MS_MAX = 120_000
const CONNECT_MS_MAX = 1_000

export interface Instance {
  readonly pid: number
  readonly version: string
  readonly startedMs: number
  readonly state: 'starting' | 'running'
  readonly surface: 'desktop' | 'web' | 'headless'
  /** `host:port` of every broker, comma-separated; empty while starting. */
  readonly bootstrap: string
  /** With its token; null where no pages are served over HTTP. */
  readonly url: string | null
  /** Null while starting. */
  readonly control: ControlAddress | null
}

/** Held from the claim until released; what it says is replaced as a whole. */
export interface Claim {
  publish(instance: Instance): void
  release(): void
}

/** The living application of that folder, or null. */
export async function findInstance(dataFolder: string): Promise<Instance | null> {
  const instance = read(join(dataFolder, FILE))
  return instance !== null && (await isLiving(instance)) ? instance : null
}

/**
 * Makes this process the folder's application, or gives back the one that already is. What a
 * killed process left behind is replaced.
 */
export async function claimInstance(
  dataFolder: string,
  starting: Instance,
): Promise<{ type: 'claimed'; claim: Claim } | { type: 'held'; by: Instance }> {
  const file = join(dataFolder, FILE)
  createFolder(dataFolder)
  for (;;) {
    if (create(file, starting)) return { type: 'claimed', claim: claimOf(file, starting.pid) }
    const holder = await findInstance(dataFolder)
    if (holder !== null) return { type: 'held', by: holder }
    rmSync(file, { force: true })
  }
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    // The folder is the user's choice, so he gets the reason and not a stack.
    throw new OperationalError(`${folder}: ${(error as Error).message}`, { cause: error })
  }
}

/** False where the file is there already. */
function create(file: string, instance: Instance): boolean {
  try {
    writeFileSync(file, JSON.stringify(instance), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    throw new OperationalError(`${file}: ${message}`, { cause: error })
  }
}

function claimOf(file: string, pid: number): Claim {
  return {
    publish(instance) {
      writeFileSync(`${file}.new`, JSON.stringify(instance, null, 2), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
    release() {
      // A folder that was removed and claimed anew while we ran belongs to the other.
      if (read(file)?.pid === pid) rmSync(file, { force: true })
    },
  }
}

function read(file: string): Instance | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isInstance(value) ? value : null
  } catch {
    // Absent, or cut off by a crash: either way nobody is known to hold the folder.
    return null
  }
}

function isInstance(value: unknown): value is Instance {
  if (typeof value !== 'object' || value === null) return false
  const { pid, startedMs, bootstrap } = value as Partial<Instance>
  return Number.isInteger(pid) && typeof startedMs === 'number' && typeof bootstrap === 'string'
}

/** A process id may have been given to another since, so one of its ports must answer too. */
async function isLiving(instance: Instance): Promise<boolean> {
  if (!isProcess(instance.pid)) return false
  if (instance.state === 'starting') return Date.now() - instance.startedMs < STARTING_MS_MAX
  const addresses = instance.bootstrap.split(',').filter(address => address !== '')
  if (instance.url !== null) addresses.unshift(new URL(instance.url).host)
  // All brokers may be down, on purpose.
  if (instance.control) addresses.unshift(new URL(instance.control.url).host)
  const answers = await Promise.all(addresses.map(accepts))
  return answers.includes(true)
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function accepts(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':')
  const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) })
  return new Promise(resolve => {
    const answer = (accepted: boolean) => {
      socket.destroy()
      resolve(accepted)
    }
    socket.setTimeout(CONNECT_MS_MAX, () => answer(false))
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
