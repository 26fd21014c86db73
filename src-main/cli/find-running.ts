/**
 * The application that a command is about: that of the named folder; else the one on the usual
 * folder; else the only ephemeral one, whose folder nobody could know.
 */
import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { findInstance, type Instance } from '../application/instance.ts'
import { EPHEMERAL_PREFIX } from '../application/start-application.ts'
import { storageOf } from '../application/start-options.ts'
import type { ControlAddress } from '../contract/model/application.ts'
import type { ExitCode } from './command.ts'

export interface Running {
  readonly dataFolder: string
  /** Null where nothing runs on the folder. */
  readonly instance: Instance | null
}

/** Throws an `OperationalError` where several could be meant. */
export async function findRunning(values: {
  readonly data?: string | undefined
}): Promise<Running> {
  const { dataFolder } = storageOf(values)
  const instance = await findInstance(dataFolder)
  if (instance !== null || values.data !== undefined) return { dataFolder, instance }
  const found: Running[] = []
  for (const folder of ephemeralFolders()) {
    const ephemeral = await findInstance(folder)
    if (ephemeral !== null) found.push({ dataFolder: folder, instance: ephemeral })
  }
  if (found.length > 1)
    throw new OperationalError(
      `${found.length} ephemeral ones run: name one of them with --data\n` +
        found
          .map(each => `  --data ${each.dataFolder}  (process ${each.instance?.pid})`)
          .join('\n'),
    )
  return found[0] ?? { dataFolder, instance: null }
}

/** This user's own: others' files are not to be trusted with anything. */
function ephemeralFolders(): string[] {
  const userId = process.getuid?.()
  return readdirSync(tmpdir())
    .filter(name => name.startsWith(EPHEMERAL_PREFIX))
    .map(name => join(tmpdir(), name))
    .filter(folder => {
      const stats = statSync(folder, { throwIfNoEntry: false })
      return stats?.isDirectory() === true && (userId === undefined || stats.uid === userId)
    })
}

/** Where to ask it; or, after saying what is missing, the exit code of the command. */
export async function runningControl(
  command: string,
  values: { readonly data?: string | undefined },
): Promise<ControlAddress | ExitCode> {
  const { dataFolder, instance } = await findRunning(values)
  if (instance === null) {
    process.stderr.write(
      `odradek ${command}: nothing runs on ${dataFolder}. Remedy: start it, or name its --data\n`,
    )
    return 3
  }
  if (instance.control) return instance.control
  process.stderr.write(`odradek ${command}: process ${instance.pid} is still starting\n`)
  return 1
}
