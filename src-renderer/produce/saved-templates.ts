/** Forms under names, as the application keeps them, and as a file to be shared. */
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { KeptItem } from '../../src-main/contract/model/preference.ts'
import { KeptItems } from '../connection/kept-items.ts'
import type { ContentForm } from './content-form.ts'
import { EMPTY_FORM, newId, type ProduceForm } from './produce-form.ts'

/** Where earlier versions kept them, in the browser. */
const FORMER_KEY = 'odradek.produce.templates'
const FORMAT = 'odradek-produce-templates'

export interface SavedTemplate {
  readonly name: string
  readonly form: ProduceForm
}

export class SavedTemplates extends KeptItems {
  constructor(client: ApplicationClient, storage: Pick<Storage, 'getItem' | 'removeItem'>) {
    super(client, 'templates', {
      storage,
      key: FORMER_KEY,
      read: text => (readTemplateFile(text) ?? []).map(asItem),
    })
  }

  save(templates: readonly SavedTemplate[]): Promise<Problem | null> {
    return this.keep(templates.map(asItem))
  }
}

/** What cannot be read as a form is left out: it stays kept, for a version that can. */
export function templatesIn(items: readonly KeptItem[]): readonly SavedTemplate[] {
  return items.flatMap(({ name, text }) => templateFrom({ name, form: parsed(text) }))
}

/** As text of a file. */
export function templateFile(templates: readonly SavedTemplate[]): string {
  return JSON.stringify({ format: FORMAT, templates }, withoutBytes, 2)
}

/** Null where it is no such file. */
export function readTemplateFile(text: string): readonly SavedTemplate[] | null {
  const file = parsed(text)
  if (typeof file !== 'object' || file === null) return null
  const { format, templates } = file as { format?: unknown; templates?: unknown }
  if (format !== FORMAT || !Array.isArray(templates)) return null
  return templates.flatMap(templateFrom)
}

function asItem({ name, form }: SavedTemplate): KeptItem {
  return { name, text: JSON.stringify(form, withoutBytes) }
}

/** A file's bytes are the file's: only what was typed is kept. */
function withoutBytes(name: string, value: unknown): unknown {
  return name === 'bytes' ? null : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON, so none of ours.
    return null
  }
}

function templateFrom(value: unknown): SavedTemplate[] {
  const { name, form } = (value ?? {}) as { name?: unknown; form?: unknown }
  if (typeof name !== 'string' || name === '' || typeof form !== 'object' || form === null)
    return []
  return [{ name, form: checkedForm(form) }]
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
