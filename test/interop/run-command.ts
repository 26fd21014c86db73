/**
 * Runs a client as a process of its own, to the end, and hands back all it wrote. Started
 * processes are ended by their own id, never by name.
 */
import { spawn, type ChildProcess } from 'node:child_process'

export interface CommandOptions {
  readonly input?: string | Buffer
  readonly timeoutMs?: number
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

export interface CommandResult {
  readonly command: string
  readonly stdout: string
  readonly stdoutBytes: Buffer
  readonly stderr: string
  /** Null when a signal ended the process. */
  readonly status: number | null
  readonly timedOut: boolean
}

export class CommandFailed extends Error {
  readonly result: CommandResult

  constructor(result: CommandResult) {
    const how = result.timedOut ? 'ran out of time' : `ended with ${result.status}`
    super(`${result.command} ${how}\n${tail(result.stderr)}\n${tail(result.stdout)}`)
    this.name = 'CommandFailed'
    this.result = result
  }
}

/** Like {@link runCommand}, but a status other than 0 is thrown with the command's last words. */
export async function runChecked(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(command, args, options)
  if (result.status !== 0) throw new CommandFailed(result)
  return result
}

/** Status 127 and the reason in `stderr` when the command does not exist. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, options.timeoutMs ?? 60_000)
    const finish = (status: number | null) => {
      clearTimeout(timer)
      const stdoutBytes = Buffer.concat(stdout)
      resolve({
        command: [command, ...args.map(shorten)].join(' '),
        stdout: stdoutBytes.toString('utf8'),
        stdoutBytes,
        stderr: Buffer.concat(stderr).toString('utf8'),
        status,
        timedOut,
      })
    }
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A client that ends before it has read its input closes the pipe; its status tells the story.
    child.stdin.on('error', () => {})
    child.once('error', error => {
      stderr.push(Buffer.from(error.message))
      finish(127)
    })
    child.once('close', finish)
    child.stdin.end(options.input ?? '')
  })
}

/** A client that keeps running: its output so far, lines as they come, and its end. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly processId: number
  output(): string
  errors(): string
  /** Resolves with the first line so far or to come that matches, or rejects at the limit. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>
  /** Sends the signal and waits for the end; SIGKILL follows after `graceMs`. */
  end(signal?: NodeJS.Signals, graceMs?: number): Promise<number | null>
  readonly exited: Promise<number | null>
}

export function startCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const child = spawn(command, args, {
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  let output = ''
  let errors = ''
  const watchers = new Set<() => void>()
  const changed = () => watchers.forEach(watch => watch())
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
    changed()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8')
    changed()
  })
  child.stdin.on('error', () => {})
  if (options.input !== undefined) child.stdin.end(options.input)
  // A test run that ends early leaves no broker behind.
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const exited = new Promise<number | null>(resolve => {
    child.once('error', error => {
      errors += error.message
      resolve(127)
    })
    child.once('close', status => resolve(status))
  })
  void exited.then(() => process.off('exit', killWithUs))
  let ended = false
  void exited.then(() => (ended = true)).then(changed)

  return {
    child,
    processId: child.pid ?? -1,
    output: () => output,
    errors: () => errors,
    exited,
    line: (pattern, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const described = `${command} ${args.map(shorten).join(' ')}`
        const timer = setTimeout(() => finish('wrote no such line in time'), timeoutMs)
        const finish = (problem: string | null, found = '') => {
          clearTimeout(timer)
          watchers.delete(look)
          if (problem === null) resolve(found)
          else
            reject(
              new Error(`${described}: ${problem}: ${pattern}\n${tail(errors)}\n${tail(output)}`),
            )
        }
        // Each look goes on where the last one stopped: a client may write megabytes.
        const looked = { output: 0, errors: 0 }
        const look = () => {
          const found =
            nextMatch(output, looked, 'output', pattern) ??
            nextMatch(errors, looked, 'errors', pattern)
          if (found !== null) finish(null, found)
          else if (ended) finish('ended without the line')
        }
        watchers.add(look)
        look()
      }),
    end: async (signal = 'SIGTERM', graceMs = 10_000) => {
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      const status = await exited
      clearTimeout(timer)
      return status
    },
  }
}

/** The first complete line after the place looked at, which moves on. */
function nextMatch<K extends string>(
  text: string,
  looked: Record<K, number>,
  stream: K,
  pattern: RegExp,
): string | null {
  for (;;) {
    const end = text.indexOf('\n', looked[stream])
    if (end < 0) return null
    const line = text.slice(looked[stream], end)
    looked[stream] = end + 1
    if (pattern.test(line)) return line
  }
}

function tail(text: string): string {
  return text.length <= 3_000 ? text : `… ${text.slice(-3_000)}`
}

function shorten(argument: string): string {
  return argument.length <= 300 ? argument : `${argument.slice(0, 120)}…`
}
