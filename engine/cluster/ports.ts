/** Which ports a cluster gets: the ones it had, the ones people expect, or any that are free. */
import { createServer } from 'node:net'

/**
 * A port for each of `count` listeners: the preferred ones in order, those that are taken replaced
 * by free ones behind them. Asking is a momentary answer; who loses the race hears so on listening.
 */
export async function choosePorts(options: {
  readonly host: string
  readonly preferred: readonly number[]
  readonly count: number
}): Promise<number[]> {
  const chosen: number[] = []
  let candidate = Math.max(0, ...options.preferred) + 1
  for (let index = 0; index < options.count; index++) {
    const wanted = options.preferred[index]
    if (wanted === 0) {
      chosen.push(0)
      continue
    }
    if (wanted !== undefined && !chosen.includes(wanted) && (await isFree(options.host, wanted))) {
      chosen.push(wanted)
      continue
    }
    while (chosen.includes(candidate) || !(await isFree(options.host, candidate))) candidate++
    chosen.push(candidate++)
  }
  return chosen
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host, port }, () => probe.close(() => resolve(true)))
  })
}
