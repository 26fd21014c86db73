/** Runs worlds on an engine with a planted bug until one of them fails. */
import { execFile } from 'node:child_process'
import { plant, type PlantedBug } from './planted-bug.ts'

/** A bug may make a world run on without end. */
const TIMEOUT_MS = 20 * 60_000
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

export type Search =
  | { readonly type: 'found'; readonly worlds: number; readonly seed: string; readonly how: string }
  | { readonly type: 'not-found'; readonly worlds: number }

export async function findPlanted(
  bug: PlantedBug,
  { from, seeds }: { readonly from: number; readonly seeds: number },
): Promise<Search> {
  const copy = plant(bug)
  try {
    const options = ['--from', String(from), '--seeds', String(seeds)]
    const { code, output } = await run([copy.command, ...options])
    if (code === 0) return { type: 'not-found', worlds: seeds }
    const failed = /^seed (\d+) fails .* world (\d+) of this run:\n(.*)$/m.exec(output)
    if (failed === null) throw new Error(`${bug.name}: the simulator does not run:\n${output}`)
    const [, seed, worlds, how] = failed as unknown as readonly [string, string, string, string]
    return { type: 'found', worlds: Number(worlds), seed, how }
  } finally {
    copy.remove()
  }
}

function run(command: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise(resolve => {
    const limits = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX }
    const child = execFile(process.execPath, command, limits, (_, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output: output + errors }),
    )
  })
}
