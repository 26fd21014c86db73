/**
 * Brings whatever Node a fresh clone is started with to the packages and the Node that this
 * checkout was written for. It is plain JavaScript without dependencies, and parses on Nodes as
 * old as 16, because it is what runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { heapEnvironment, heapFlags } from './memory-settings.mjs'

const NODE_MAJOR_MIN = 20
const NODE_MAJOR_WANTED = 24
const PARENT_INTERVAL_MS = 250

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')

/**
 * Installs what is missing and returns normally only under a new enough Node: under an older one
 * it runs `script` again with the packaged Node and ends with that process's exit code.
 * Everything it prints goes to standard error, so that a command's own output stays clean.
 */
export function setUp(script) {
  guardNodeVersion()
  endWithParent()
  keepHeapsSmall()
  const installed = installIfStale()
  const binary = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const wanted = nodeMajor(process.versions.node) >= NODE_MAJOR_WANTED
  // An install may have replaced the packages of a Node that ran out of node_modules itself.
  const runsAgain = !(wanted && !installed) && isFile(binary)
  if (runsAgain) return runAgain(binary, script)
  // What this process starts may be run by another Node, and then needs its own second run.
  delete process.env.ODRADEK_RUN_AGAIN
  if (wanted) return Promise.resolve()
  return fail(
    `node_modules holds no Node ${NODE_MAJOR_WANTED}, because it was installed without install scripts.\n` +
      'Remedy: npm rebuild node --ignore-scripts=false',
  )
}

function guardNodeVersion() {
  if (nodeMajor(process.versions.node) >= NODE_MAJOR_MIN) return
  fail(
    `Odradek needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}.\n` +
      'Remedy: install Node 24 from https://nodejs.org, or run "nvm install 24".',
  )
}

/**
 * npm runs a script through a shell, and a signal to npm ends that shell without reaching us. Then
 * our parent is gone, and we end as if the signal had come here.
 */
function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_INTERVAL_MS)
  watch.unref()
}

/**
 * It counts for what this process starts, Electron and a newer Node, and not for a Node that is new
 * enough to be used as it is. Who sets one of these keeps it.
 */
function keepHeapsSmall() {
  for (const [name, value] of Object.entries(heapEnvironment)) process.env[name] ??= value
}

function installIfStale() {
  const reason = staleReason()
  if (reason === null) return false
  say(`odradek: installing packages (${reason})`)
  // A Node that runs out of node_modules cannot be deleted on Windows, so packages change in place.
  const inPlace = process.platform === 'win32' && process.execPath.startsWith(modules)
  const args = inPlace ? ['install', '--no-save'] : ['ci']
  const result = npm([...args, '--no-audit', '--no-fund', '--loglevel=error'])
  if (result.status !== 0)
    fail(
      `npm ${args.join(' ')} ended with ${result.status ?? result.signal ?? result.error?.message}.\n` +
        'Remedy: look at the lines above; without a network, copy node_modules from another checkout.',
    )
  return true
}

/** Why the installed packages are not those of the lock file, or null while they are. */
function staleReason() {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(modules, '.package-lock.json'))
  if (wanted === null) return null
  if (present === null) return 'node_modules is missing'
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const mayBeAbsent = entry.optional || entry.devOptional || entry.peer || entry.os || entry.cpu
    const have = present[path]
    if (have === undefined && !mayBeAbsent) return `${path} is missing`
    if (have !== undefined && have.version !== entry.version)
      return `${path} is ${have.version} and should be ${entry.version}`
  }
  return null
}

function packagesOf(lockFile) {
  if (!existsSync(lockFile)) return null
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? null
}

function npm(args) {
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const cli = process.env.npm_execpath
  if (cli !== undefined && /npm-cli\.c?js$/.test(cli))
    return spawnSync(process.execPath, [cli, ...args], options)
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

function runAgain(binary, script) {
  if (process.env.ODRADEK_RUN_AGAIN !== undefined)
    return fail(`${binary} is older than Node ${NODE_MAJOR_WANTED}.\nRemedy: npm ci`)
  const child = spawn(binary, [...heapFlags, script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ODRADEK_RUN_AGAIN: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      // The terminal sends Ctrl-C to the whole group; the child has it already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  child.on('error', error => fail(`${binary}: ${error.message}`))
  child.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)),
  )
  return new Promise(() => {})
}

function nodeMajor(version) {
  return Number(version.split('.')[0])
}

function isFile(path) {
  // A platform without a packaged Node leaves an empty placeholder behind.
  return existsSync(path) && statSync(path).size > 1_000_000
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(message) {
  say(message)
  process.exit(1)
}
