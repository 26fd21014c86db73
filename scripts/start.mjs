/** `npm start`: sets the checkout up, then opens the application (`launch.ts`). */
import { fileURLToPath } from 'node:url'
import { setUp } from './set-up.mjs'

await setUp(fileURLToPath(import.meta.url))
const { launch } = await import('./launch.ts')
await launch(process.argv.slice(2))
