/** Every message that the engine declares, found by looking: a new file cannot be forgotten. */
import { readdirSync } from 'node:fs'
import type { Message } from '../../engine/protocol/schema.ts'

const protocol = new URL('../../engine/protocol/', import.meta.url)

/** Folders that hold no declarations. */
const OTHER_FOLDERS = new Set(['records'])

export interface Declaration {
  /** The name of the export. */
  readonly exported: string
  readonly file: string
  readonly message: Message
}

export async function findDeclarations(): Promise<Declaration[]> {
  const found: Declaration[] = []
  const files = readdirSync(protocol, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !OTHER_FOLDERS.has(file.split('/')[0]!))
    .sort()
  for (const file of files) {
    const exports = (await import(new URL(file, protocol).href)) as Record<string, unknown>
    for (const [exported, value] of Object.entries(exports))
      if (isMessage(value)) found.push({ exported, file, message: value })
  }
  return found
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    'versions' in value &&
    'fields' in value &&
    'decode' in value
  )
}
