/**
 * What `npm start` and the `odradek` commands that open a cluster take as options. One table, so
 * that the help, the checks and the commands say the same.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { dataFolderFrom, defaultDataFolder } from './data-folder.ts'

export const BROKERS_DEFAULT = 3
const BROKERS_MAX = 32
const CONTROLLERS_MAX = 9
const PORT_MAX = 65_535

export interface StartOptions {
  readonly surface: 'desktop' | 'web' | 'either'
  readonly brokers: number
  /** Of a new cluster; null where none was asked for. */
  readonly controllers: number | null
  /** Controllers in the brokers' threads; null where it was not said. */
  readonly combined: boolean | null
  /** Of the brokers in order of their ids, begun again at the end. */
  readonly racks: readonly string[]
  /** Of the first broker; null prefers 9092 and replaces it where it is taken. */
  readonly kafkaPort: number | null
  /** Of the pages; null prefers 8092 and replaces it where it is taken. */
  readonly webPort: number | null
  readonly dataFolder: string
  /** The folder is made for this run and removed after it. */
  readonly ephemeral: boolean
  readonly open: boolean
  /** The sample shop: null starts it on the first start with an empty data folder. */
  readonly sample: boolean | null
}

/** A mistake in what was typed. The message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const flags = {
  web: { type: 'boolean' },
  desktop: { type: 'boolean' },
  port: { type: 'string' },
  'kafka-port': { type: 'string' },
  brokers: { type: 'string' },
  controllers: { type: 'string' },
  combined: { type: 'boolean' },
  racks: { type: 'string' },
  data: { type: 'string' },
  ephemeral: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  sample: { type: 'boolean' },
  'no-sample': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options']

export const startHelp = `Usage: npm start -- [options]

Opens Odradek on a running local Kafka cluster.

  --desktop            open the desktop window, or say why it cannot be opened
  --web                serve the pages to the browser instead
  --port PORT          port of the pages in the browser (8092, or another when it is taken)
  --kafka-port PORT    port of the first broker (9092, or another when it is taken)
  --brokers N          number of brokers (${BROKERS_DEFAULT})
  --controllers N      number of controllers of a new cluster
  --combined           a new cluster's controllers run in the threads of its brokers
  --racks A,B,C        racks of the brokers, in order; begun again where there are more brokers
  --data FOLDER        where the cluster is kept (${defaultDataFolder()})
  --ephemeral          keep the cluster in a folder that is removed at the end
  --sample, --no-sample  run the sample shop, or do not (runs on the first start)
  --no-open            do not open the browser
  -h, --help           this text
`

/** Null when the help was asked for. Throws UsageError on anything not understood. */
export function parseStartOptions(args: readonly string[]): StartOptions | null {
  const values = parsed(args, flags)
  if (values.help) return null
  if (values.web && values.desktop)
    throw new UsageError('--web and --desktop exclude each other: leave one out')
  if (values.sample && values['no-sample'])
    throw new UsageError('--sample and --no-sample exclude each other: leave one out')
  return {
    surface: values.web ? 'web' : values.desktop ? 'desktop' : 'either',
    webPort: portOf('--port', values.port),
    kafkaPort: portOf('--kafka-port', values['kafka-port']),
    open: !values['no-open'],
    sample: values.sample ? true : values['no-sample'] ? false : null,
    ...storageOf(values),
    ...nodesOf(values),
  }
}

export function storageOf(values: { data?: string; ephemeral?: boolean }): {
  dataFolder: string
  ephemeral: boolean
} {
  if (values.ephemeral && values.data !== undefined)
    throw new UsageError('--data and --ephemeral exclude each other: leave one out')
  if (values.data === '') throw new UsageError('--data needs a folder')
  return {
    dataFolder: values.data === undefined ? defaultDataFolder() : dataFolderFrom(values.data),
    ephemeral: values.ephemeral ?? false,
  }
}

export function nodesOf(values: {
  brokers?: string
  controllers?: string
  combined?: boolean
  racks?: string
}): Pick<StartOptions, 'brokers' | 'controllers' | 'combined' | 'racks'> {
  const { brokers, controllers, combined } = values
  return {
    brokers:
      brokers === undefined ? BROKERS_DEFAULT : integerOf('--brokers', brokers, 1, BROKERS_MAX),
    controllers:
      controllers === undefined
        ? null
        : integerOf('--controllers', controllers, 1, CONTROLLERS_MAX),
    combined: combined ?? null,
    racks: values.racks === undefined ? [] : racksOf(values.racks),
  }
}

function racksOf(given: string): string[] {
  const racks = given.split(',').map(rack => rack.trim())
  if (racks.every(rack => rack !== '')) return racks
  throw new UsageError(`--racks ${given}: names separated by commas are needed, as a,b,c`)
}

/** Null when none was given; 0 asks for any free port. */
export function portOf(option: string, given: string | undefined): number | null {
  return given === undefined ? null : integerOf(option, given, 0, PORT_MAX)
}

function integerOf(option: string, given: string, min: number, max: number): number {
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`${option} ${given}: a whole number from ${min} to ${max} is needed`)
}

type Options = NonNullable<ParseArgsConfig['options']>

/** parseArgs with its errors made into one plain line. Positional arguments are refused. */
export function parsed<const O extends Options>(args: readonly string[], options: O) {
  return understood(() => parseArgs({ args: [...args], options, strict: true }).values)
}

/** The same for a command that takes words beside its options. */
export function parsedWords<const O extends Options>(args: readonly string[], options: O) {
  return understood(() => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    })
    return { values, words: positionals }
  })
}

function understood<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message.split('. ')[0]} (--help lists the options)`)
  }
}
