/** Forms kept by name in this browser, and as a file to be shared. */
import { Store } from '../ui/store.ts'
import type { ContentForm } from './content-form.ts'
import { EMPTY_FORM, newId, type ProduceForm } from './produce-form.ts'

const KEY = 'odradek.produce.templates'
const FORMAT = 'odradek-produce-templates'
/** Names kept, and characters of all of them: what a browser keeps for a page is small. */
const TEMPLATES_MAX = 200
const CHARS_MAX = 2_000_000

export interface SavedTemplate {
  readonly name: string
  readonly form: ProduceForm
}

export class SavedTemplates extends Store<readonly SavedTemplate[]> {
  readonly #storage: Storage

  constructor(storage: Storage) {
    super(read(storage.getItem(KEY)))
    this.#storage = storage
  }

  /** False where there is no room for it. Another of the same name gives way. */
  save(name: string, form: ProduceForm): boolean {
    const others = this.snapshot().filter(each => each.name !== name)
    return this.#keep([...others, { name, form }].sort((a, b) => a.name.localeCompare(b.name)))
  }

  remove(name: string): void {
    this.#keep(this.snapshot().filter(each => each.name !== name))
  }

  /** As text of a file. */
  export(): string {
    return JSON.stringify({ format: FORMAT, templates: this.snapshot() }, withoutBytes, 2)
  }

  /** Takes those of a file; the number of them, or null where it is no such file. */
  import(text: string): number | null {
    const found = parse(text)
    if (found === null) return null
    const names = new Set(found.map(({ name }) => name))
    const others = this.snapshot().filter(({ name }) => !names.has(name))
    return this.#keep([...others, ...found]) ? found.length : 0
  }

  #keep(templates: readonly SavedTemplate[]): boolean {
    const text = JSON.stringify({ format: FORMAT, templates }, withoutBytes)
    if (templates.length > TEMPLATES_MAX || text.length > CHARS_MAX) return false
    this.#storage.setItem(KEY, text)
    this.replace(templates)
    return true
  }
}

/** A file's bytes are the file's: only what was typed is kept. */
function withoutBytes(name: string, value: unknown): unknown {
  return name === 'bytes' ? null : value
}

function read(text: string | null): readonly SavedTemplate[] {
  return text === null ? [] : (parse(text) ?? [])
}

function parse(text: string): readonly SavedTemplate[] | null {
  try {
    const { format, templates } = JSON.parse(text) as { format?: unknown; templates?: unknown }
    if (format !== FORMAT || !Array.isArray(templates)) return null
    return templates.flatMap((each: unknown) => {
      const { name, form } = (each ?? {}) as { name?: unknown; form?: unknown }
      return typeof name === 'string' && name !== '' && typeof form === 'object' && form !== null
        ? [{ name, form: checkedForm(form) }]
        : []
    })
  } catch {
    // No JSON, so none of ours.
    return null
  }
}

/** What an older or a foreign file lacks is as in an empty form. */
function checkedForm(form: Partial<ProduceForm>): ProduceForm {
  const whole = { ...EMPTY_FORM, ...form }
  return {
    ...whole,
    key: content(whole.key),
    value: content(whole.value),
    headers: Array.isArray(whole.headers)
      ? whole.headers.map(each => ({ ...each, id: newId(), value: content(each.value) }))
      : [],
    variables: Array.isArray(whole.variables)
      ? whole.variables.map(each => ({ ...each, id: newId() }))
      : [],
  }
}

function content(form: ContentForm): ContentForm {
  return form.kind === 'bytes' ? { kind: 'empty', text: '', bytes: null } : form
}
