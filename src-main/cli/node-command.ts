/** `odradek broker …` and `odradek controller …`: what is done to a node of a running application. */
import { parsedWords, UsageError } from '../application/start-options.ts'
import { askControl } from '../control/control-client.ts'
import { nodeActions, type NodeAction, type NodeStatus } from '../control/control-model.ts'
import { print, type Command } from './command.ts'
import { findRunning } from './find-running.ts'

const helpOf = (
  kind: string,
) => `Usage: npm run -s odradek -- ${kind} ACTION ID [--data FOLDER] [--json]

Acts on a ${kind} of the running application, headless or with a window.

  kill     ends it at once, without a farewell, as a crash does
  stop     stops it cleanly: it leaves the cluster and closes its logs
  pause    makes it stand still: its sockets stay open and nothing is answered (as SIGSTOP)
  resume   lets a paused one go on
  start    starts one that was stopped or killed, or has failed, from its folder and on its port

  --data FOLDER   of the application; needed where several run
  --json          print the ${kind} as it is then

A ${kind} that was killed or stopped stays down until it is started. As in Apache Kafka, a broker
that was killed is let in again only when its session has ended (broker.session.timeout.ms, 9 s):
start waits for that. The exit code is 1 when the ${kind}'s state does not allow it, and 3 when
nothing runs.
`

const done: Readonly<Record<NodeAction, string>> = {
  kill: 'killed',
  stop: 'stopped',
  pause: 'paused',
  resume: 'goes on',
  start: 'runs',
}

export function nodeCommand(kind: 'broker' | 'controller'): Command {
  return async args => {
    const { values, words } = parsedWords(args, {
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    })
    if (values.help) return print(helpOf(kind))
    const [given = '', id = ''] = words
    const action = nodeActions.find(each => each === given)
    if (action === undefined)
      throw new UsageError(
        `${given === '' ? 'an action' : given}: ${nodeActions.join(', ')} are what can be done`,
      )
    if (words.length !== 2 || !/^\d{1,9}$/.test(id))
      throw new UsageError(`${action}: the id of one ${kind} is needed, as "${kind} ${action} 1"`)

    const { dataFolder, instance } = await findRunning(values)
    if (instance === null) {
      process.stderr.write(
        `odradek ${kind}: nothing runs on ${dataFolder}. Remedy: start it, or name its --data\n`,
      )
      return 3
    }
    if (!instance.control) {
      process.stderr.write(`odradek ${kind}: process ${instance.pid} is still starting\n`)
      return 1
    }
    const node = await askControl<NodeStatus>(instance.control, 'POST', `/${kind}s/${id}/${action}`)
    if (values.json) return print(`${JSON.stringify(node, null, 2)}\n`)
    return print(`${kind} ${id} ${done[action]}\n`)
  }
}
