/** franz-go and sarama: one small program, built into the cache when its sources change. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runChecked } from '../run-command.ts'
import { cacheFolder, interopFile } from './cache.ts'
import { versionLine, type Client } from './client.ts'

/** The program's name carries its sources' hash, so a change builds anew. */
export function goProgram(): string {
  const folder = interopFile('go')
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)))
  return cacheFolder('go', `interop-${hash.digest('hex').slice(0, 16)}`)
}

export const go: Client = {
  name: 'Go clients',
  remedy: 'install Go 1.26 or later and reach the Go module proxy',
  find: async () => {
    const program = goProgram()
    return existsSync(program) ? await versionLine(program, ['version']) : null
  },
  install: async () => {
    if ((await versionLine('go', ['version'])) === null) throw new Error('Go is not installed')
    const build = ['build', '-trimpath', '-o', goProgram(), '.']
    await runChecked('go', build, { cwd: interopFile('go'), timeoutMs: 300_000 })
  },
}
