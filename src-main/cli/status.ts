/** `odradek status`: which application holds a data folder, where it is reached, how its cluster is. */
import type { Instance } from '../application/instance.ts'
import { parsed } from '../application/start-options.ts'
import { readStatus } from '../control/control-client.ts'
import { jsonText } from '../control/json-text.ts'
import { print, type Command } from './command.ts'
import { findRunning } from './find-running.ts'

const help = `Usage: npm run -s odradek -- status [--data FOLDER] [--json]

Says what runs on the data folder, and how its cluster is: brokers with their epochs, controllers
and their quorum, partitions that lack a leader or in-sync replicas. --json has every partition,
and the address and token to control the application with. The exit code is 3 when nothing runs.
`

export const status: Command = async args => {
  const values = parsed(args, {
    data: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  const { dataFolder, instance } = await findRunning(values)
  const cluster = instance?.control ? await reportOf(instance.control) : null
  if (values.json) print(`${jsonText({ dataFolder, instance, cluster })}\n`)
  else if (instance === null) print(`nothing runs on ${dataFolder}\n`)
  else {
    const { reportText } = await import('./report-text.ts')
    const text = cluster === null ? '' : `\n${reportText(cluster)}`
    print(`${describe(instance)}data folder ${dataFolder}\n${text}`)
  }
  return instance === null ? 3 : 0
}

async function reportOf(control: NonNullable<Instance['control']>) {
  const { reportCluster } = await import('./cluster-report.ts')
  return reportCluster(await readStatus(control))
}

function describe({ pid, surface, state, bootstrap, url, startedMs }: Instance): string {
  const seconds = Math.round((Date.now() - startedMs) / 1_000)
  const lines = [`${surface}, process ${pid}, ${state} for ${seconds} s`]
  if (bootstrap !== '') lines.push(`bootstrap=${bootstrap}`)
  if (url !== null) lines.push(url)
  return `${lines.join('\n')}\n`
}
