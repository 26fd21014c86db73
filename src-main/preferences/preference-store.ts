/**
 * What users keep under names: one JSON file for each collection, written whole. A file that cannot
 * be read is never written over: it may be all that somebody has.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CollectionName } from '../contract/api/preference.ts'
import { ContractError } from '../contract/define.ts'
import { KEPT_CHARS_MAX, KEPT_ITEMS_MAX, type KeptItem } from '../contract/model/preference.ts'

const FORMAT = 'odradek-preferences'

type Items = ReadonlyMap<string, string>

export class PreferenceStore {
  readonly #folder: string | null
  readonly #collections = new Map<CollectionName, Promise<Items>>()
  readonly #listeners = new Set<(collection: CollectionName) => void>()

  /** Without a folder they last as long as the application runs. */
  constructor(folder: string | null) {
    this.#folder = folder
  }

  /** By name. Throws a `ContractError` CORRUPT_FILE where the file holds something else. */
  async list(collection: CollectionName): Promise<readonly KeptItem[]> {
    const items = await this.#items(collection)
    return [...items]
      .map(([name, text]) => ({ name, text }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  }

  /** Resolves once they are in the file. Throws a `ContractError` FULL. */
  keep(collection: CollectionName, items: readonly KeptItem[]): Promise<void> {
    return this.#change(collection, before => {
      const after = new Map(before)
      for (const { name, text } of items) after.set(name, text)
      assertRoom(collection, after)
      return after
    })
  }

  remove(collection: CollectionName, names: readonly string[]): Promise<void> {
    return this.#change(collection, before => {
      const after = new Map(before)
      for (const name of names) after.delete(name)
      return after
    })
  }

  onChange(listener: (collection: CollectionName) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #items(collection: CollectionName): Promise<Items> {
    const known = this.#collections.get(collection)
    if (known !== undefined) return known
    const reading = this.#folder === null ? none : readItems(this.#path(this.#folder, collection))
    this.#hold(collection, reading)
    return reading
  }

  #hold(collection: CollectionName, items: Promise<Items>): void {
    this.#collections.set(collection, items)
    // Somebody may mend the file, and then it is read again.
    items.catch(() => {
      if (this.#collections.get(collection) === items) this.#collections.delete(collection)
    })
  }

  /** One change after the other, so that two windows lose nothing of each other's. */
  async #change(collection: CollectionName, change: (before: Items) => Items): Promise<void> {
    const before = this.#items(collection)
    const changing = before.then(async items => {
      const after = change(items)
      if (this.#folder !== null) {
        await mkdir(this.#folder, { recursive: true })
        await writeItems(this.#path(this.#folder, collection), after)
      }
      return after
    })
    // A change that failed leaves what was there before it.
    this.#hold(
      collection,
      changing.catch(() => before),
    )
    await changing
    for (const listener of this.#listeners) listener(collection)
  }

  #path(folder: string, collection: CollectionName): string {
    return join(folder, `${collection}.json`)
  }
}

const none: Promise<Items> = Promise.resolve(new Map())

function assertRoom(collection: CollectionName, items: Items): void {
  let chars = 0
  for (const [name, text] of items) chars += name.length + text.length
  if (items.size <= KEPT_ITEMS_MAX && chars <= KEPT_CHARS_MAX) return
  throw new ContractError({
    code: 'FULL',
    message: `${collection} would be ${items.size} names with ${chars} characters`,
    remedy: `At most ${KEPT_ITEMS_MAX} names and ${KEPT_CHARS_MAX} characters are kept. Remove some.`,
  })
}

async function readItems(path: string): Promise<Items> {
  let text
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    // Nothing was ever kept. Whatever else keeps a file from being read is told.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw unreadable(path, error)
  }
  try {
    const { format, items } = JSON.parse(text) as { format: unknown; items: readonly KeptItem[] }
    if (format === FORMAT) return new Map(items.map(({ name, text: kept }) => [name, kept]))
  } catch (error) {
    // Waiting for a file that somebody wrote over: it is named, so that he can look at it.
    throw unreadable(path, error)
  }
  throw unreadable(path, `its format is not ${FORMAT}`)
}

function unreadable(path: string, error: unknown): ContractError {
  const why = error instanceof Error ? error.message : String(error)
  return new ContractError({
    code: 'CORRUPT_FILE',
    message: `${path} cannot be read: ${why}`,
    remedy: 'Mend the file, or move it away to begin anew.',
  })
}

/** Whole or not at all, whenever the power goes. */
async function writeItems(path: string, items: Items): Promise<void> {
  const written = { format: FORMAT, items: [...items].map(([name, text]) => ({ name, text })) }
  await writeFile(`${path}.part`, JSON.stringify(written, null, 1))
  await rename(`${path}.part`, path)
}
