/**
 * The threads of the cluster's nodes, each as one CommonJS file of its own beside the main process's
 * chunks. Six of them start at once on every start of a cluster, and with its compiled code cached
 * such a file loads in half the time that two dozen shared modules take.
 */
import { build, type BuildOptions, type Plugin } from 'vite'

const threads = ['broker', 'controller', 'combined']

/** Ends a build of the main process with that of the threads, into the same folder. */
export function threadBundles(): Plugin {
  let target: BuildOptions['target']
  return {
    name: 'odradek:thread-bundles',
    configResolved: config => {
      target = config.build.target
    },
    async writeBundle({ dir: outDir }) {
      if (outDir === undefined) throw new Error('thread-bundles: the build has no folder')
      await Promise.all(threads.map(name => bundleThread(name, { outDir, target })))
    },
  }
}

async function bundleThread(
  name: string,
  { outDir, target }: { readonly outDir: string; readonly target: BuildOptions['target'] },
): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: `engine/runtime/${name}-thread.ts`,
      outDir,
      emptyOutDir: false,
      target,
      minify: false,
      rolldownOptions: {
        output: { format: 'cjs', entryFileNames: `${name}-thread.cjs`, codeSplitting: false },
      },
    },
  })
}
