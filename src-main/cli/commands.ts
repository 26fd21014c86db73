/** Finds the command in what was typed, runs it, and turns its end into an exit code. */
import { OperationalError } from '../../engine/support/operational-error.ts'
import { UsageError } from '../application/start-options.ts'
import { version } from '../application/version.ts'
import { print, type Command, type ExitCode } from './command.ts'

/** Loaded when asked for, so that `up` does not wait for what `doctor` needs. */
const commands: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  up: {
    summary: 'start a cluster without pages; prints one line bootstrap=… when it is ready',
    load: async () => (await import('./up.ts')).up,
  },
  web: {
    summary: 'start a cluster and serve the pages to the browser',
    load: async () => (await import('./web.ts')).web,
  },
  status: {
    summary: 'say what is running, and how its cluster is (exit code 3 when nothing is)',
    load: async () => (await import('./status.ts')).status,
  },
  broker: {
    summary: 'kill, stop, pause, resume or start a broker of what is running, or cut its power',
    load: async () => (await import('./node-command.ts')).nodeCommand('broker'),
  },
  controller: {
    summary: 'the same for a controller; add one to the quorum, or remove one from it',
    load: async () => (await import('./node-command.ts')).nodeCommand('controller'),
  },
  cluster: {
    summary: 'cut the power of all of them at once, and see what it takes',
    load: async () => (await import('./cluster-command.ts')).clusterCommand,
  },
  doctor: {
    summary: 'say what works on this machine, and what to do about the rest',
    load: async () => (await import('./doctor.ts')).doctor,
  },
}

export async function runCommand(args: readonly string[]): Promise<void> {
  const code = await outcomeOf(args)
  if (code !== null) process.exitCode = code
}

async function outcomeOf(args: readonly string[]): Promise<ExitCode | null> {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') return print(help())
  if (name === '--version' || name === '-v') return print(`${version}\n`)
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry === undefined) {
    process.stderr.write(`odradek: there is no command ${name}\n\n${help()}`)
    return 2
  }
  try {
    const command = await entry.load()
    return await command(rest)
  } catch (error) {
    // The top of the command line: expected failures are one line, bugs keep their stack.
    if (error instanceof UsageError) {
      process.stderr.write(`odradek ${name}: ${error.message}\n`)
      return 2
    }
    const expected = error instanceof OperationalError
    const text = error instanceof Error ? (expected ? error.message : error.stack) : String(error)
    process.stderr.write(`odradek ${name}: ${text}\n`)
    return 1
  }
}

function help(): string {
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(10)} ${summary}\n`,
  )
  return `Usage: npm run -s odradek -- <command> [options]

${lines.join('')}
  --help       this text; "<command> --help" for a command's options
  --version    the version
`
}
