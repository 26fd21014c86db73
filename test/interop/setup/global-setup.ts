/** Runs once before the interop tests. What is missing is named; with `CI` set it is a failure. */
import { describeState, setUpClients } from './clients.ts'

export async function setup(): Promise<void> {
  const states = await setUpClients()
  const missing = states.filter(state => state.found === null)
  if (missing.length === 0) return
  const names = missing.map(describeState).join('\n')
  if (process.env['CI']) throw new Error(`clients that could not be set up:\n${names}`)
  console.warn(`Skipping the tests of clients that could not be set up:\n${names}`)
}
