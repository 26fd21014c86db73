/** The built command line in processes of its own: start, find, refuse, stop, kill, start again. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Kafka, logLevel } from 'kafkajs'
import { outFolder } from '../../scripts/build.ts'

const entry = join(outFolder, 'main', 'odradek.js')
const started: ChildProcess[] = []
let folder: string
/** Set over this process's environment in the commands that are run. */
let surroundings: NodeJS.ProcessEnv = {}

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-command-'))
  surroundings = {}
})

test.afterEach(async () => {
  for (const child of started.splice(0)) await ended(child, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('up prints one line and nothing else, is found, refuses a second, and stops', async () => {
  const { child, bootstrap, output } = await up('--data', folder, '--port', '0')
  expect(bootstrap.split(',')).toHaveLength(3)

  const status = await command('status', '--data', folder, '--json')
  expect(status.code).toBe(0)
  expect(JSON.parse(status.output)).toMatchObject({
    dataFolder: folder,
    instance: { pid: child.pid, surface: 'headless', state: 'running', bootstrap },
  })
  const second = await command('up', '--data', folder, '--port', '0')
  expect(second.code).toBe(1)
  expect(second.errors).toContain(`process ${child.pid} already runs on this folder`)

  expect(await ended(child, 'SIGTERM')).toBe(0)
  expect(output()).toBe(`bootstrap=${bootstrap}\n`)
  expect(existsSync(join(folder, 'instance.json'))).toBe(false)
  expect((await command('status', '--data', folder)).code).toBe(3)
})

test('what was acknowledged before kill -9 in the middle of producing is there', async () => {
  const first = await up('--data', folder, '--port', '0', '--brokers', '1')
  const producer = clientOf(first.bootstrap).producer({ retry: { retries: 0 } })
  await producer.connect()
  let acknowledged = 0
  const killed = new Promise<void>(resolve => first.child.once('exit', () => resolve()))
  try {
    for (let sent = 0; ; sent++) {
      await producer.send({ topic: 'kept', messages: [{ value: `record ${sent}` }] })
      // The next record is on its way by the time that the signal arrives.
      if (++acknowledged === 200) setImmediate(() => first.child.kill('SIGKILL'))
    }
  } catch {
    // The broker is gone, which is the point.
  }
  await killed
  expect(acknowledged).toBeGreaterThanOrEqual(200)
  await producer.disconnect().catch(() => {})

  const again = await up('--data', folder, '--port', '0', '--brokers', '1')
  const admin = clientOf(again.bootstrap).admin()
  await admin.connect()
  const [offsets] = await admin.fetchTopicOffsets('kept')
  expect(Number(offsets?.high)).toBeGreaterThanOrEqual(acknowledged)
  await admin.disconnect()
  expect(await ended(again.child, 'SIGTERM')).toBe(0)
})

test('an ephemeral folder is gone after the end', async () => {
  const before = new Set(readdirSync(tmpdir()))
  const { child } = await up('--ephemeral', '--port', '0', '--brokers', '1')
  const made = readdirSync(tmpdir()).filter(
    name => /^odradek-\w{6}$/.test(name) && !before.has(name),
  )
  expect(made).not.toEqual([])
  expect(await ended(child, 'SIGTERM')).toBe(0)
  expect(made.filter(name => existsSync(join(tmpdir(), name, 'cluster')))).toEqual([])
})

test('brokers are killed, paused and started from the command line, and status says so', async () => {
  const { child, bootstrap } = await up('--data', folder, '--port', '0', '--brokers', '2')
  const at = ['--data', folder]
  const broker = (...args: string[]) => command('broker', ...args, ...at)
  expect(await broker('kill', '2')).toEqual({ code: 0, output: 'broker 2 killed\n', errors: '' })
  expect(await broker('kill', '2')).toMatchObject({ code: 1, output: '' })
  expect((await broker('stop', '2')).errors).toBe('odradek broker: broker 2 is already killed\n')
  expect(await broker('pause', '1', '--json')).toMatchObject({ code: 0 })
  const lines = (await command('status', ...at)).output.split('\n')
  expect(lines[0]).toMatch(`headless, process ${child.pid}, running for`)
  expect(lines).toContainEqual(expect.stringMatching(/^1 +paused /))
  expect(lines).toContainEqual(expect.stringMatching(/^2 +killed /))
  expect(lines).toContainEqual(expect.stringContaining('no broker runs'))

  expect((await broker('resume', '1')).output).toBe('broker 1 goes on\n')
  expect((await broker('start', '2')).output).toBe('broker 2 runs\n')
  const { instance, cluster } = JSON.parse((await command('status', '--json', ...at)).output)
  expect(instance.bootstrap).toBe(bootstrap)
  expect(cluster.brokers).toMatchObject([
    { id: 1, state: 'running', fenced: false },
    { id: 2, state: 'running', fenced: false },
  ])
  const voters = (cluster.quorum.voters as { replicaId: number }[]).map(each => each.replicaId)
  expect(voters.toSorted((a, b) => a - b)).toEqual([3000, 3001, 3002])
  expect(voters).toContain(cluster.quorum.leaderId)
  const [{ id }] = cluster.controllers
  for (const action of ['kill', 'start', 'stop', 'start'])
    expect(await command('controller', action, String(id), ...at)).toMatchObject({ code: 0 })
  expect(await ended(child, 'SIGTERM')).toBe(0)
  expect(await broker('start', '1')).toMatchObject({
    code: 3,
    errors: expect.stringContaining(`nothing runs on ${folder}`),
  })
})

test('combined nodes die together, and a folder keeps its layout', async () => {
  const at = ['--data', folder]
  const layout = ['--brokers', '2', '--controllers', '1', '--combined']
  const first = await up(...at, '--port', '0', ...layout)
  expect(await command('controller', 'kill', '1', ...at)).toMatchObject({ code: 0 })
  const { cluster } = JSON.parse((await command('status', '--json', ...at)).output)
  expect(cluster.brokers).toMatchObject([{ state: 'killed' }, { state: 'running' }])
  expect(cluster.controllers).toMatchObject([{ id: 1, state: 'killed' }])
  expect(await command('broker', 'start', '1', ...at)).toMatchObject({ code: 0 })
  expect(await ended(first.child, 'SIGTERM')).toBe(0)

  const other = await command('up', ...at, '--port', '0', '--controllers', '3')
  expect(other).toMatchObject({ code: 1, output: '' })
  expect(other.errors).toContain("has one controller in its brokers' threads")
  const again = await up(...at, '--port', '0', '--brokers', '2')
  expect(await ended(again.child, 'SIGTERM')).toBe(0)
})

test('an ephemeral one is found without its folder, and gives records to curl', async () => {
  // Nobody else's is in these, whatever runs on this machine.
  surroundings = { TMPDIR: folder, TEMP: folder, HOME: folder, XDG_DATA_HOME: folder }
  const { child, bootstrap } = await up('--ephemeral', '--port', '0', '--brokers', '1')
  const producer = clientOf(bootstrap).producer()
  await producer.connect()
  await producer.send({ topic: 'shell', messages: [{ key: 'k', value: 'v' }] })
  await producer.disconnect()
  const found = JSON.parse((await command('status', '--json')).output)
  expect(found.instance.pid).toBe(child.pid)
  const { url, token } = found.instance.control
  const { partition } = found.cluster.partitions[0]
  const record = `${url}/clusters/local/topics/shell/partitions/${partition}/offsets/0`
  const curl = (...args: string[]) =>
    execFileSync('curl', ['-sS', '-H', `Authorization: Bearer ${token}`, ...args]).toString()
  expect(found.cluster.partitions).toHaveLength(1)
  expect(JSON.parse(curl(record))).toMatchObject({ key: 'k', value: 'v', offset: 0 })
  expect(curl(`${record}?part=value`)).toBe('v')
  expect(await ended(child, 'SIGTERM')).toBe(0)
})

test('a port that was named and is taken is an error that names it', async () => {
  const holder = createServer()
  await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  const attempt = await command('up', '--data', folder, '--port', String(port), '--brokers', '1')
  expect(attempt).toMatchObject({ code: 1, output: '' })
  expect(attempt.errors).toContain(`port ${port} is taken`)
  await new Promise(resolve => holder.close(resolve))
})

test('mistakes are told in one line, with exit code 2', async () => {
  const lines: [string[], string][] = [
    [['up', '--brokers', '0'], '--brokers 0: a whole number from 1 to 32 is needed'],
    [['up', '--bogus'], "Unknown option '--bogus'"],
    [['up', '--config', 'x'], '--config x: NAME=VALUE is needed'],
    [['bogus'], 'there is no command bogus'],
    [['broker'], 'kill, stop, pause, resume, start, power-cut are what can be done'],
    [
      ['broker', 'explode', '1'],
      'explode: kill, stop, pause, resume, start, power-cut are what can be done',
    ],
    [['controller', 'kill', 'x'], 'kill: the id of one controller is needed'],
    [['up', '--controllers', '0'], '--controllers 0: a whole number from 1 to 9 is needed'],
  ]
  for (const [args, text] of lines) {
    const { code, output, errors } = await command(...args)
    expect({ code, output }).toEqual({ code: 2, output: '' })
    expect(errors).toContain(text)
  }
})

test('help, version and doctor answer', async () => {
  expect((await command('--version')).output).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await command('--help')).output).toContain('Usage: npm run -s odradek')
  for (const name of ['up', 'web', 'status', 'doctor', 'broker', 'controller'])
    expect(await command(name, '--help')).toMatchObject({ code: 0, errors: '' })
  const doctor = await command('doctor', '--json', '--data', folder)
  expect(doctor.code).toBe(0)
  const names = (JSON.parse(doctor.output) as { name: string }[]).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['node', 'codec lz4', 'electron', 'kcat', 'ports']))
})

async function up(...args: string[]) {
  const child = spawn(process.execPath, [entry, 'up', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...surroundings },
  })
  started.push(child)
  let output = ''
  const bootstrap = await new Promise<string>((resolve, reject) => {
    child.once('exit', code => reject(new Error(`up ended with ${code}: ${output}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const line = /^bootstrap=(.+)\n/m.exec(output)?.[1]
      if (line !== undefined) resolve(line)
    })
  })
  return { child, bootstrap, output: () => output }
}

/** Resolves with the exit code of a process that is told to end, and of one that has ended. */
function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise(resolve => {
    child.once('exit', code => resolve(code))
    child.kill(signal)
  })
}

function command(
  ...args: string[]
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise(resolve => {
    const env = { ...process.env, ...surroundings }
    const child = execFile(process.execPath, [entry, ...args], { env }, (_, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    )
  })
}

function clientOf(bootstrap: string): Kafka {
  return new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
}
