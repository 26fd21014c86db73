/** `odradek cluster …`: what is done to all nodes of a running application at once. */
import { parsedWords, UsageError } from '../application/start-options.ts'
import { print, type Command } from './command.ts'
import { runningControl } from './find-running.ts'
import { askPowerCut, powerCutText } from './power-cut.ts'

const help = `Usage: npm run -s odradek -- cluster power-cut [--torn-tail-seed N] [--data FOLDER] [--json]

Cuts the power of all brokers and controllers of the running application at once: their threads end,
and what they had written and not flushed is gone from their files. Then those that ran are started
again, recover from what is left, and the command ends when they listen.

  --torn-tail-seed N  leave a part of what was not flushed, as real disks may: batches are torn.
                      The same number leaves the same parts. Nothing is left when not given
  --data FOLDER       of the application; needed where several run
  --json              print what was taken, of each node the hundred files that lost most

As in Apache Kafka, a broker flushes records only where flush.messages or flush.ms say so: without
them, records that the whole ISR has acknowledged are lost when the whole ISR loses its power at once.
`

export const clusterCommand: Command = async args => {
  const { values, words } = parsedWords(args, {
    data: { type: 'string' },
    'torn-tail-seed': { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  if (words.length !== 1 || words[0] !== 'power-cut')
    throw new UsageError(`${words.join(' ') || 'an action'}: power-cut is what can be done`)
  const control = await runningControl('cluster', values)
  if (typeof control === 'number') return control
  const cuts = await askPowerCut(control, { path: '', seed: values['torn-tail-seed'] })
  if (values.json) return print(`${JSON.stringify(cuts, null, 2)}\n`)
  return print(`${powerCutText(cuts)}all nodes that ran are up again\n`)
}
