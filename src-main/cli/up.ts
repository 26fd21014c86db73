/** `odradek up`: a cluster without pages, for scripts and for people's own test suites. */
import { startApplication } from '../application/start-application.ts'
import {
  BROKERS_DEFAULT,
  nodesOf,
  parsed,
  portOf,
  storageOf,
  UsageError,
} from '../application/start-options.ts'
import { print, type Command } from './command.ts'
import { stopOnSignal } from './stop-on-signal.ts'

const help = `Usage: npm run -s odradek -- up [options]

Starts a cluster without pages. When every broker accepts connections, one line bootstrap=… is
printed on standard output; SIGTERM or Ctrl-C stops it cleanly.

  --brokers N      number of brokers (${BROKERS_DEFAULT})
  --controllers N  number of controllers of a new cluster; one that exists keeps its own
  --combined       a new cluster's controllers run in the threads of its brokers, and die with them
  --racks A,B,C    racks of the brokers, in order; begun again where there are more brokers
  --port PORT      port of the first broker, the others follow; 0 takes any free ports
                   (9092, or another when it is taken)
  --data FOLDER    where the cluster is kept
  --ephemeral      keep it in a folder that is removed at the end
  --config NAME=VALUE
                   a broker configuration by Kafka's name; may be given several times
`

export const up: Command = async args => {
  const values = parsed(args, {
    brokers: { type: 'string' },
    controllers: { type: 'string' },
    combined: { type: 'boolean' },
    racks: { type: 'string' },
    port: { type: 'string' },
    data: { type: 'string' },
    ephemeral: { type: 'boolean' },
    config: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  const result = await startApplication({
    ...storageOf(values),
    surface: 'headless',
    ...nodesOf(values),
    kafkaPort: portOf('--port', values.port),
    webPort: null,
    sample: false,
    configs: Object.fromEntries((values.config ?? []).map(configOf)),
  })
  if (result.type === 'already-running') {
    const { pid, bootstrap } = result.instance
    process.stderr.write(`odradek up: process ${pid} already runs on this folder: ${bootstrap}\n`)
    return 1
  }
  stopOnSignal(result.application)
  print(`bootstrap=${result.application.bootstrap}\n`)
  return null
}

function configOf(given: string): [string, string] {
  const at = given.indexOf('=')
  if (at < 1) throw new UsageError(`--config ${given}: NAME=VALUE is needed`)
  return [given.slice(0, at), given.slice(at + 1)]
}
