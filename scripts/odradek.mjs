/** `npm run -s odradek -- …`: sets the checkout up, builds what is stale, runs the command. */
import { fileURLToPath } from 'node:url'
import { setUp } from './set-up.mjs'

await setUp(fileURLToPath(import.meta.url))
const { buildIfStale } = await import('./build.ts')
await buildIfStale()
await import('../out/main/odradek.js')
