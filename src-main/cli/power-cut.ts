/** `power-cut`, of one node or of all of the running application's: asks for it and tells what it took. */
import { UsageError } from '../application/start-options.ts'
import { askControl } from '../control/control-client.ts'
import type { NodePowerCut } from '../control/control-model.ts'
import type { ControlAddress } from '../contract/model/application.ts'

const FILES_SHOWN_MAX = 20

export interface PowerCutWish {
  /** As `/brokers/2`; empty for all nodes. */
  readonly path: string
  readonly seed: string | undefined
}

/** Throws a `UsageError` for a seed that is no number, and as `askControl` does. */
export async function askPowerCut(
  control: ControlAddress,
  { path, seed }: PowerCutWish,
): Promise<readonly NodePowerCut[]> {
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    throw new UsageError(`--torn-tail-seed ${seed}: a whole number is needed`)
  const query = seed === undefined ? '' : `?tornTailSeed=${seed}`
  return askControl(control, 'POST', `${path}/power-cut${query}`)
}

/** A line for each node, and below it one for each file that lost something. */
export function powerCutText(cuts: readonly NodePowerCut[]): string {
  return cuts.map(textOf).join('')
}

function textOf({ node, droppedBytes, droppedFileCount, files }: NodePowerCut): string {
  if (droppedFileCount === 0)
    return `${node} lost its power, and nothing with it: all was flushed\n`
  const shown = files.slice(0, FILES_SHOWN_MAX)
  const lines = shown.map(
    file => `  ${file.path}: ${bytes(file.droppedBytes)} gone, ${bytes(file.keptBytes)} kept\n`,
  )
  const rest = droppedFileCount - shown.length
  if (rest > 0) lines.push(`  and ${rest} more ${rest === 1 ? 'file' : 'files'}\n`)
  const where = droppedFileCount === 1 ? '1 file' : `${droppedFileCount} files`
  return `${node} lost its power, and ${bytes(droppedBytes)} in ${where}\n${lines.join('')}`
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}
