/** `odradek doctor`: what works on this machine. */
import { examineMachine } from '../application/doctor.ts'
import { parsed, storageOf } from '../application/start-options.ts'
import type { DoctorLine } from '../contract/model/application.ts'
import { print, type Command } from './command.ts'

const marks: Readonly<Record<DoctorLine['state'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  missing: 'missing',
}

const help = `Usage: npm run -s odradek -- doctor [--data FOLDER] [--json]

Says what works on this machine. The exit code is 1 when something that Odradek cannot do without
is missing.
`

export const doctor: Command = async args => {
  const values = parsed(args, {
    data: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  const lines = await examineMachine(storageOf(values).dataFolder)
  print(values.json ? `${JSON.stringify(lines, null, 2)}\n` : lines.map(lineOf).join(''))
  return lines.some(({ name, state }) => state === 'missing' && isNeeded(name)) ? 1 : 0
}

function isNeeded(name: string): boolean {
  return name === 'node' || name === 'data folder' || name === 'codec snappy'
}

function lineOf({ name, state, detail, remedy }: DoctorLine): string {
  const hint = remedy === null ? '' : `\n${' '.repeat(22)}→ ${remedy}`
  return `${marks[state]}  ${name.padEnd(13)}${detail}${hint}\n`
}
