/** `npm test` and its kin: sets the checkout up, then runs the suites that are named (`test.ts`). */
import { fileURLToPath } from 'node:url'
import { setUp } from './set-up.mjs'

await setUp(fileURLToPath(import.meta.url))
const { runSuites } = await import('./test.ts')
await runSuites(process.argv.slice(2))
