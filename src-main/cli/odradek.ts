#!/usr/bin/env node
/**
 * The `odradek` command. Little is imported before the Node's version is known to do and the
 * compile cache is on; the cache saves a third of the start.
 */
import * as nodeModule from 'node:module'
import { leaveLimitsToThreads } from './thread-limits.ts'

const NODE_MAJOR_MIN = 24

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `odradek needs Node ${NODE_MAJOR_MIN}, and this is ${process.version}.\n` +
      'Remedy: npm run -s odradek -- …, which brings its own.\n',
  )
  process.exit(1)
}
nodeModule.enableCompileCache()
leaveLimitsToThreads()
const { runCommand } = await import('./commands.ts')
await runCommand(process.argv.slice(2))
