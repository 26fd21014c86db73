/**
 * What a user keeps under names, as the application has it: every window shows the same, and hears
 * of every change. What an earlier version left in the browser's storage is moved there once.
 */
import type { CollectionName } from '../../src-main/contract/api/preference.ts'
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { KeptItem } from '../../src-main/contract/model/preference.ts'
import { problemOf, StreamedAnswer } from './answer.ts'

/** Where an earlier version kept them. */
export interface FormerPlace {
  readonly storage: Pick<Storage, 'getItem' | 'removeItem'>
  readonly key: string
  readonly read: (text: string) => readonly KeptItem[]
}

export class KeptItems extends StreamedAnswer<'preference.watch'> {
  readonly #client: ApplicationClient
  readonly #collection: CollectionName
  readonly #former: FormerPlace | null
  #unlisten: (() => void) | null = null

  constructor(
    client: ApplicationClient,
    collection: CollectionName,
    former: FormerPlace | null = null,
  ) {
    super(client, 'preference.watch', { collection })
    this.#client = client
    this.#collection = collection
    this.#former = former
  }

  override open(): void {
    this.#unlisten = this.subscribe(() => {
      const { value } = this.snapshot()
      if (value === null) return
      this.#unlisten?.()
      void this.#moveFormer(value)
    })
    super.open()
  }

  override close(): void {
    this.#unlisten?.()
    super.close()
  }

  /** Others of the same names give way. Why they are not kept, or null. */
  keep(items: readonly KeptItem[]): Promise<Problem | null> {
    return problemIn(this.#client.call('preference.keep', { collection: this.#collection, items }))
  }

  remove(names: readonly string[]): Promise<Problem | null> {
    return problemIn(
      this.#client.call('preference.remove', { collection: this.#collection, names }),
    )
  }

  /** What the application has under a name is newer than what lay in one browser. */
  async #moveFormer(present: readonly KeptItem[]): Promise<void> {
    if (this.#former === null) return
    const { storage, key, read } = this.#former
    const text = storage.getItem(key)
    if (text === null) return
    const names = new Set(present.map(({ name }) => name))
    const missing = read(text).filter(({ name }) => !names.has(name))
    const problem = missing.length === 0 ? null : await this.keep(missing)
    // What found no room stays where it is, and is tried again.
    if (problem === null) storage.removeItem(key)
  }
}

async function problemIn(asked: Promise<null>): Promise<Problem | null> {
  try {
    return await asked
  } catch (error) {
    // The one who asked shows it beside what he has.
    return problemOf(error)
  }
}
