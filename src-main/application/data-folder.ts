/** Where a user's clusters are kept when he names no folder, after each system's custom. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export const surroundings: Surroundings = {
  platform: process.platform,
  home: homedir(),
  env: process.env,
}

export function defaultDataFolder({ platform, home, env }: Surroundings = surroundings): string {
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Odradek')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Odradek')
  // The XDG specification lets a relative path be ignored.
  const xdg = env['XDG_DATA_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), 'odradek')
}

/** The folder as the user wrote it, `~` understood on systems whose shell may not have. */
export function dataFolderFrom(given: string, { home }: Surroundings = surroundings): string {
  return resolve(given === '~' || given.startsWith('~/') ? join(home, given.slice(2)) : given)
}
