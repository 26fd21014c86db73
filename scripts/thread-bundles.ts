/**
 * The threads of the cluster's nodes, each as one CommonJS file of its own beside the main process's
 * chunks, and a line before it that runs it with its compiled code. Six of them start at once on every
 * start of a cluster, and so such a file loads in half the time that two dozen shared modules take.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
      const where = { outDir, target }
      await bundle('compiled-code', 'compiled-code.cjs', where)
      await Promise.all(threads.map(name => bundleThread(`${name}-thread`, where)))
    },
  }
}

interface Where {
  readonly outDir: string
  readonly target: BuildOptions['target']
}

async function bundleThread(name: string, where: Where): Promise<void> {
  const codeFile = `${name}.code.cjs`
  await bundle(name, codeFile, where)
  const code = asFunction(readFileSync(join(where.outDir, codeFile), 'utf8'))
  writeFileSync(join(where.outDir, codeFile), code)
  const version = createHash('sha256').update(code).digest('hex').slice(0, 16)
  const run = `require('./compiled-code.cjs').runCompiled(require.resolve('./${codeFile}'), '${version}')`
  writeFileSync(join(where.outDir, `${name}.cjs`), `${run}\n`)
}

/** What `runCompiled` calls. */
function asFunction(code: string): string {
  return `(function (require, __filename, __dirname) {${code}\n})`
}

async function bundle(name: string, file: string, { outDir, target }: Where): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: `engine/runtime/${name}.ts`,
      outDir,
      emptyOutDir: false,
      target,
      minify: false,
      rolldownOptions: {
        output: {
          format: 'cjs',
          entryFileNames: file,
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
  generateBundle(_, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escaped)
  },
}

/** Means the same wherever such a character may stand: in strings, templates and patterns. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
