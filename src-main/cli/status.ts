/** `odradek status`: which application holds a data folder, and where it is reached. */
import { findInstance, type Instance } from '../application/instance.ts'
import { parsed, storageOf } from '../application/start-options.ts'
import { print, type Command } from './command.ts'

const help = `Usage: npm run -s odradek -- status [--data FOLDER] [--json]

Says what runs on the data folder. The exit code is 3 when nothing does.
`

export const status: Command = async args => {
  const values = parsed(args, {
    data: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  const { dataFolder } = storageOf(values)
  const instance = await findInstance(dataFolder)
  if (values.json) print(`${JSON.stringify({ dataFolder, instance }, null, 2)}\n`)
  else print(instance === null ? `nothing runs on ${dataFolder}\n` : describe(instance))
  return instance === null ? 3 : 0
}

function describe({ pid, surface, state, bootstrap, url, startedMs }: Instance): string {
  const seconds = Math.round((Date.now() - startedMs) / 1_000)
  const lines = [`${surface}, process ${pid}, ${state} for ${seconds} s`]
  if (bootstrap !== '') lines.push(`bootstrap=${bootstrap}`)
  if (url !== null) lines.push(url)
  return `${lines.join('\n')}\n`
}
