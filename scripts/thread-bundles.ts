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
        output: {
          format: 'cjs',
          entryFileNames: `${name}-thread.cjs`,
          codeSplitting: false,
          // Names stay, for what a failing thread says of itself.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
    plugins: [ownRequire, asciiOnly],
    define: { 'import.meta.url': '__filename' },
  })
}

/** `node:module` loads all that ES modules need, for a `require` that a CommonJS file has anyway. */
const ownRequire: Plugin = {
  name: 'odradek:own-require',
  enforce: 'pre',
  resolveId: id => (id === 'node:module' ? OWN_REQUIRE : null),
  load: id => (id === OWN_REQUIRE ? 'export const createRequire = () => require' : null),
}
const OWN_REQUIRE = '\0own-require'

/**
 * V8 keeps a thread's source for as long as the thread lives, with two bytes for each character as
 * soon as one of them needs two.
 */
const asciiOnly: Plugin = {
  name: 'odradek:ascii-only',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escaped)
  },
}

/** Means the same wherever such a character may stand: in strings, templates and patterns. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
