/**
 * The build variant for the older Electron of the desktop tests: CommonJS for Node 16, pages for
 * Chromium 108, and core-js for what both lack. Kept here alone; what is shipped is not bent.
 */
import { defineConfig, type UserConfig } from 'electron-vite'
import { mergeConfig, type Plugin } from 'vite'
import shipped from '../../electron.vite.config.ts'

type Main = NonNullable<UserConfig['main']>

const { main = {}, preload = {}, renderer = {} } = shipped
// The command line is not tested here, and CommonJS could not hold its top-level await.
const shippedEntries = main.build?.rolldownOptions?.input as Record<string, string> | undefined
const { odradek: _, ...entries } = shippedEntries ?? {}

export default defineConfig({
  main: mergeConfig(withoutEntries(main), {
    plugins: [workersWithoutWaiting()],
    build: {
      target: 'node16',
      // Modules that Node 16 cannot require are bundled.
      externalizeDeps: { exclude: ['core-js', '@marcbachmann/cel-js'] },
      rolldownOptions: {
        input: {
          ...entries,
          desktop: 'test/desktop/old-electron-entry.ts',
          prelude: 'test/desktop/old-node-prelude.ts',
        },
        output: { format: 'cjs' },
      },
    },
  }),
  preload: mergeConfig(preload, { build: { target: 'node16' } }),
  renderer: mergeConfig(renderer, {
    plugins: [preludeOfPages()],
    build: { target: 'chrome108', cssTarget: 'chrome108' },
  }),
})

/** Merging would keep the entries that are left out. */
function withoutEntries(config: Main): Main {
  const { rolldownOptions, ...build } = config.build ?? {}
  return { ...config, build: { ...build, rolldownOptions: { ...rolldownOptions, input: {} } } }
}

function preludeOfPages(): Plugin {
  return {
    name: 'odradek:prelude-of-pages',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith('/src-renderer/main.tsx') ? `import 'core-js/actual/index.js'\n${code}` : null,
  }
}

/** A worker that ends in `await run()` does as well without waiting, where CommonJS cannot wait. */
function workersWithoutWaiting(): Plugin {
  return {
    name: 'odradek:workers-without-waiting',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith('-worker.ts') ? code.replace(/^await /gm, 'void ') : null,
  }
}
