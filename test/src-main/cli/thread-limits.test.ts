import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { heapFlags } from '../../../scripts/memory-settings.mjs'

const LIMIT_MB = 3

/** Makes garbage, and says how large its young generation was at most. */
const garbage = `
  const { parentPort } = require('node:worker_threads')
  const { getHeapSpaceStatistics } = require('node:v8')
  const young = () => getHeapSpaceStatistics().find(each => each.space_name === 'new_space')
  let kept = []
  let bytesMax = 0
  for (let made = 0; made < 1_000_000; made++) {
    if (kept.push({ made, others: [made] }) > 30_000) kept = []
    if (made % 10_000 === 0) bytesMax = Math.max(bytesMax, young().space_size)
  }
  parentPort.postMessage(bytesMax)`

/** In a process that is started as the scripts start it. */
function youngBytesOfThread(before: string): number {
  const start = `${before}
    const { Worker } = require('node:worker_threads')
    const resourceLimits = { maxYoungGenerationSizeMb: ${LIMIT_MB} }
    new Worker(${JSON.stringify(garbage)}, { eval: true, resourceLimits })
      .on('message', bytes => console.log(bytes))`
  const args = [...heapFlags, '--no-warnings', '-e', start]
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}

test('a thread keeps its own limit beside the flag of the main thread', () => {
  const address = JSON.stringify(resolve('src-main/cli/thread-limits.ts'))
  const limited = youngBytesOfThread(`require(${address}).leaveLimitsToThreads()`)
  // While it is collected it may hold somewhat more than at other times.
  const bytesMax = 2 * LIMIT_MB * 1024 * 1024
  expect(limited).toBeLessThan(bytesMax)
  // Else this test shows nothing.
  expect(youngBytesOfThread('')).toBeGreaterThan(bytesMax)
})
