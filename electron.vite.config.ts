/**
 * What is built: the main process with one entry per thread, and all its chunks, side by side in
 * out/main, so that addresses relative to a module hold in every chunk; the threads of the cluster's
 * nodes, a file each; the preload; the pages.
 * Dependencies of the main process stay outside the bundles, those of the pages are bundled.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { threadBundles } from './scripts/thread-bundles.ts'

/** ODRADEK_OUT builds into another folder than `out`, beside what runs from there. */
const out = process.env['ODRADEK_OUT']
const outDir = (part: string) => (out === undefined ? {} : { outDir: `${out}/${part}` })

export default defineConfig({
  main: {
    plugins: [threadBundles()],
    build: {
      ...outDir('main'),
      target: 'node24',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: {
          desktop: 'src-main/desktop/main.ts',
          odradek: 'src-main/cli/odradek.ts',
          index: 'engine/cluster/start-cluster.ts',
          'produce-worker': 'src-main/produce/thread/produce-worker.ts',
          'group-worker': 'src-main/groups/thread/group-worker.ts',
          'inspect-worker': 'src-main/workers/inspect-worker.ts',
          'sample-worker': 'src-main/sample/sample-worker.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name].js', format: 'es' },
      },
    },
  },
  preload: {
    build: {
      ...outDir('preload'),
      rolldownOptions: {
        input: { preload: 'src-main/desktop/preload.ts' },
        output: { entryFileNames: '[name].cjs', format: 'cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    base: './',
    publicDir: '../resources/public',
    plugins: [react()],
    build: {
      ...outDir('renderer'),
      minify: true,
      rolldownOptions: { input: 'src-renderer/index.html' },
    },
  },
})
