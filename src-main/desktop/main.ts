/**
 * The desktop application: Electron's main process, with the brokers in worker threads of this
 * very process and the pages in one sandboxed window. Options come after a lone `--`, because
 * everything before it may be Chromium's.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
// Electron becomes ready only after this module has run, so the import is awaited (schemes are
// declared before that) and the application, which waits for Electron, is not.
const { runDesktop } = await import('./desktop.ts')
void runDesktop(process.argv)
