/** `odradek broker …` and `odradek controller …`: what is done to a node of a running application. */
import { parsedWords, UsageError } from '../application/start-options.ts'
import { askControl } from '../control/control-client.ts'
import { nodeActions, type NodeAction, type NodeStatus } from '../control/control-model.ts'
import { print, type Command, type ExitCode } from './command.ts'
import { runningControl } from './find-running.ts'
import { askPowerCut, powerCutText } from './power-cut.ts'

const CHANGES = `  add      starts one more, without an ID: it gets a vote when it has caught up, and prints its id
  remove   takes its vote (KIP-853), ends it and removes its folder; one that is down may go too
`

const helpOf = (
  kind: string,
) => `Usage: npm run -s odradek -- ${kind} ACTION ID [--data FOLDER] [--json]

Acts on a ${kind} of the running application, headless or with a window.

  kill     ends it at once, without a farewell, as a crash does
  stop     stops it cleanly: it leaves the cluster and closes its logs
  pause    makes it stand still: its sockets stay open and nothing is answered (as SIGSTOP)
  resume   lets a paused one go on
  start    starts one that was stopped or killed, or has failed, from its folder and on its port
  power-cut
           kills it, also one that is down, and drops from its files what was written to them and
           not flushed, as a loss of power does; prints how much of which files that was
${kind === 'controller' ? CHANGES : ''}
  --data FOLDER       of the application; needed where several run
  --torn-tail-seed N  with power-cut: leave a part of what was not flushed, as real disks may
  --json              print the ${kind} as it is then, or what the power cut took

A ${kind} that was killed or stopped, or lost its power, stays down until it is started. As in Apache Kafka, a broker
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

const POWER_CUT = 'power-cut'
const ADD = 'add'
const REMOVE = 'remove'

export function nodeCommand(kind: 'broker' | 'controller'): Command {
  return async args => {
    const { values, words } = parsedWords(args, {
      data: { type: 'string' },
      'torn-tail-seed': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    })
    if (values.help) return print(helpOf(kind))
    const [given = '', id = ''] = words
    const changes = kind === 'controller' ? ([ADD, REMOVE] as const) : []
    const actions = [...nodeActions, POWER_CUT, ...changes] as const
    const action = actions.find(each => each === given)
    if (action === undefined)
      throw new UsageError(
        `${given === '' ? 'an action' : given}: ${actions.join(', ')} are what can be done`,
      )
    if (values['torn-tail-seed'] !== undefined && action !== POWER_CUT)
      throw new UsageError(`--torn-tail-seed goes with ${POWER_CUT}`)
    if (action === ADD) {
      if (words.length !== 1) throw new UsageError(`${ADD}: its id is chosen for it`)
      return addController(values)
    }
    if (words.length !== 2 || !/^\d{1,9}$/.test(id))
      throw new UsageError(`${action}: the id of one ${kind} is needed, as "${kind} ${action} 1"`)

    const control = await runningControl(kind, values)
    if (typeof control === 'number') return control
    const path = `/${kind}s/${id}`
    if (action === POWER_CUT) {
      const cuts = await askPowerCut(control, { path, seed: values['torn-tail-seed'] })
      return print(values.json ? `${JSON.stringify(cuts[0], null, 2)}\n` : powerCutText(cuts))
    }
    if (action === REMOVE) {
      const left = await askControl<readonly NodeStatus[]>(control, 'POST', `${path}/${REMOVE}`)
      if (values.json) return print(`${JSON.stringify(left, null, 2)}\n`)
      return print(`controller ${id} removed; left: ${left.map(each => each.id).join(', ')}\n`)
    }
    const node = await askControl<NodeStatus>(control, 'POST', `${path}/${action}`)
    if (values.json) return print(`${JSON.stringify(node, null, 2)}\n`)
    return print(`${kind} ${id} ${done[action]}\n`)
  }
}

async function addController(values: {
  readonly data?: string | undefined
  readonly json?: boolean | undefined
}): Promise<ExitCode> {
  const control = await runningControl('controller', values)
  if (typeof control === 'number') return control
  const added = await askControl<NodeStatus>(control, 'POST', '/controllers')
  if (values.json) return print(`${JSON.stringify(added, null, 2)}\n`)
  return print(`controller ${added.id} votes; it listens on ${added.address}\n`)
}
