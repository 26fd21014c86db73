/**
 * Where the thread of a combined node begins: with the compile cache on, which saves a good part of its start,
 * before the rest of the code is imported.
 */
import * as nodeModule from 'node:module'

// Electron's Node may be built without it.
nodeModule.enableCompileCache?.()
await import('./combined-thread.ts')
