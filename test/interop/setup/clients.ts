/** Every client from outside npm, set up one by one: what fails is named, the others go on. */
import type { Client } from './client.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { kcat } from './kcat.ts'
import { python } from './python.ts'

export const clients: readonly Client[] = [kcat, python, java, go]

export interface ClientState {
  readonly client: Client
  /** The version, or null when it is missing. */
  readonly found: string | null
  /** Why it could not be set up. */
  readonly problem: string | null
}

/** Looks, and installs what is missing. */
export async function setUpClients(): Promise<ClientState[]> {
  const states: ClientState[] = []
  for (const client of clients) states.push(await setUp(client))
  return states
}

/** Looks only. */
export async function findClients(): Promise<ClientState[]> {
  return await Promise.all(
    clients.map(async client => ({ client, found: await client.find(), problem: null })),
  )
}

export function describeState({ client, found, problem }: ClientState): string {
  if (found !== null) return `  ${client.name}: ${found}`
  const reason = problem === null ? '' : ` (${problem.split('\n')[0]})`
  return `  ${client.name}: MISSING${reason}; ${client.remedy}`
}

async function setUp(client: Client): Promise<ClientState> {
  const found = await client.find()
  if (found !== null) return { client, found, problem: null }
  try {
    await client.install()
    const installed = await client.find()
    return { client, found: installed, problem: installed ? null : 'does not run after set-up' }
  } catch (error) {
    // One client that cannot be had must not take the others' tests away.
    return { client, found: null, problem: (error as Error).message }
  }
}
