/**
 * Runs the simulator as people run it: as a command of its own, since a rejection that nobody
 * handles must be the world's failure and not the test runner's.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const command = fileURLToPath(new URL('./simulate.ts', import.meta.url))
const TIMEOUT_MS = 300_000

function simulate(...options: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [command, ...options], (_, output) =>
      resolve({ code: child.exitCode ?? -1, output }),
    )
  })
}

describe('the simulator', () => {
  test('every seed that once failed holds', { timeout: TIMEOUT_MS }, async () => {
    const { code, output } = await simulate('--kept')
    expect(code, output).toBe(0)
    expect(output).toMatch(/[1-9]\d* worlds held/)
  })

  test('fifty new worlds hold', { timeout: TIMEOUT_MS }, async () => {
    const { code, output } = await simulate('--seeds', '50')
    expect(code, output).toBe(0)
    process.stdout.write(output)
  })

  test('a seed gives the same trace twice', { timeout: TIMEOUT_MS }, async () => {
    const { code, output } = await simulate('--from', '1', '--seeds', '3', '--twice')
    expect(code, output).toBe(0)
  })
})
