/** Where clients from outside npm are kept between runs. Nothing of them is in the repository. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `$ODRADEK_CACHE`, or `~/.cache/odradek`. */
export function cacheFolder(...path: string[]): string {
  const root = process.env['ODRADEK_CACHE'] ?? join(homedir(), '.cache', 'odradek')
  mkdirSync(root, { recursive: true })
  return join(root, ...path)
}

/** The checkout's own folder. */
export const checkoutFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** A file beside the interop tests, such as `python/consume.py`. */
export function interopFile(...path: string[]): string {
  return join(checkoutFolder, 'test', 'interop', ...path)
}

/** The Node that runs the engine: 24, from the checkout's own packages. */
export const nodeCommand = join(checkoutFolder, 'node_modules', '.bin', 'node')
