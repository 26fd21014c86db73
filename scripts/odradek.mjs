/** `npm run -s odradek -- …`: sets the checkout up, builds what is stale, runs the command. */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setUp } from './set-up.mjs'

await setUp(fileURLToPath(import.meta.url))
const { buildIfStale, outFolder } = await import('./build.ts')
await buildIfStale()
await import(pathToFileURL(join(outFolder, 'main', 'odradek.js')).href)
