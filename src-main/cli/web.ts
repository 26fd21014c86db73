/** `odradek web`, and what `npm start` does where there is no desktop window. */
import { startApplication } from '../application/start-application.ts'
import { parseStartOptions, startHelp } from '../application/start-options.ts'
import { print, type Command } from './command.ts'
import { openInBrowser } from './open-in-browser.ts'
import { stopOnSignal } from './stop-on-signal.ts'

const help = startHelp.replace('npm start -- [options]', 'npm run -s odradek -- web [options]')

export const web: Command = async args => {
  const options = parseStartOptions(args)
  if (options === null) return print(help)
  const result = await startApplication({ ...options, surface: 'web' })
  if (result.type === 'already-running') {
    const { pid, url, bootstrap } = result.instance
    print(`Odradek is already running on this folder, as process ${pid}.\n`)
    print(`bootstrap=${bootstrap}\n${url ?? 'It shows its pages in its own window.'}\n`)
    if (url !== null && options.open) openInBrowser(url)
    return 0
  }
  const { application } = result
  stopOnSignal(application)
  print(`bootstrap=${application.bootstrap}\n${application.url}\n`)
  if (options.open && application.url !== null) openInBrowser(application.url)
  return null
}
