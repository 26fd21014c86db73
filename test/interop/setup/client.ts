/** A client from outside npm: how to see that it is there, and how to get it. */
import { existsSync } from 'node:fs'
import { platform } from 'node:os'
import { runChecked, runCommand } from '../run-command.ts'

export interface Client {
  readonly name: string
  /** What a person can do where `install` cannot. */
  readonly remedy: string
  /** A description with the version, or null when it is not there. */
  find(): Promise<string | null>
  /** Brings it; throws with the reason when that is not possible here. */
  install(): Promise<void>
}

let aptUpdated: Promise<void> | null = null

/** Installs system packages where that needs no question: as root on Debian, or by Homebrew. */
export async function installPackages(names: { apt: string[]; brew: string[] }): Promise<void> {
  if (platform() === 'darwin') {
    await runChecked('brew', ['install', ...names.brew], { timeoutMs: 600_000 })
    return
  }
  if (!existsSync('/etc/debian_version')) throw new Error('packages are installed on Debian only')
  if (process.getuid?.() !== 0)
    throw new Error(`needs root: apt-get install ${names.apt.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  aptUpdated ??= runChecked('apt-get', ['update', '-qq'], { timeoutMs: 180_000, env }).then(
    () => {},
  )
  await aptUpdated
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...names.apt]
  await runChecked('apt-get', install, { timeoutMs: 600_000, env })
}

/** The first line that a command answers to `args`, or null when it fails. */
export async function versionLine(
  command: string,
  args: readonly string[],
  pattern = /\d+\.\d+/,
): Promise<string | null> {
  const { status, stdout, stderr } = await runCommand(command, args, { timeoutMs: 20_000 })
  if (status !== 0) return null
  const line = `${stdout}\n${stderr}`.split('\n').find(text => pattern.test(text))
  return line?.trim() ?? null
}
