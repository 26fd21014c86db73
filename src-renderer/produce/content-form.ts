/**
 * A key, a value or a header's value as it stands in the panel, and the way between it and bytes.
 * No React here.
 */
import type { ContentDraft } from '../../src-main/contract/api/produce.ts'

export const CONTENT_KINDS = [
  'text',
  'json',
  'empty',
  'null',
  'int64',
  'int32',
  'int16',
  'int8',
  'float64',
  'float32',
  'uuid',
  'hex',
  'base64',
  'bytes',
] as const
export type ContentKind = (typeof CONTENT_KINDS)[number]

export interface ContentForm {
  readonly kind: ContentKind
  readonly text: string
  /** A file's, or those of a record that is too large to be edited. */
  readonly bytes: { readonly name: string; readonly content: Uint8Array } | null
}

export function contentForm(kind: ContentKind, text = ''): ContentForm {
  return { kind, text, bytes: null }
}

/** Whether its text is what is sent, or stands for it. */
export function hasText({ kind }: ContentForm): boolean {
  return kind !== 'null' && kind !== 'empty' && kind !== 'bytes'
}

export function contentDraft({ kind, text, bytes }: ContentForm): ContentDraft {
  switch (kind) {
    case 'null':
    case 'empty':
      return { type: kind }
    case 'text':
    case 'json':
    case 'hex':
    case 'base64':
    case 'uuid':
      return { type: kind, text }
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return { type: 'integer', bits: kind === 'int8' ? '8' : bitsOf(kind), text }
    case 'float32':
    case 'float64':
      return { type: 'float', bits: kind === 'float32' ? '32' : '64', text }
    case 'bytes':
      return bytes === null ? { type: 'empty' } : { type: 'bytes', bytes: bytes.content }
  }
}

function bitsOf(kind: 'int16' | 'int32' | 'int64'): '16' | '32' | '64' {
  return kind === 'int16' ? '16' : kind === 'int32' ? '32' : '64'
}

/** More than this is kept as bytes: a text area is no place for it. */
const EDIT_BYTES_MAX = 262_144
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Stored bytes in the form in which they can be edited and come out the same. */
export function contentOf(bytes: Uint8Array | null, name: string): ContentForm {
  if (bytes === null) return contentForm('null')
  if (bytes.length === 0) return contentForm('empty')
  if (bytes.length > EDIT_BYTES_MAX)
    return { kind: 'bytes', text: '', bytes: { name, content: bytes } }
  const text = textOf(bytes)
  if (text === null) return contentForm('hex', hexOf(bytes))
  return contentForm(isJson(text) ? 'json' : 'text', text)
}

/** Null for bytes that a text area would not give back as they were. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = decoder.decode(bytes)
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) return null
    return keepsLineEnds(text) ? text : null
  } catch {
    // The bytes are no UTF-8, which is the answer.
    return null
  }
}

/** A text area has one kind of line end only. */
function keepsLineEnds(text: string): boolean {
  return !text.includes('\r') || !/\r(?!\n)|(?<!\r)\n/.test(text)
}

/** What was typed, with the line ends that the text had. */
export function withLineEnds(typed: string, before: string): string {
  return before.includes('\r\n') ? typed.replaceAll('\n', '\r\n') : typed
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    // No JSON, which is the answer.
    return false
  }
}

/** Pairs of digits, sixteen to a line. */
export function hexOf(bytes: Uint8Array): string {
  const pairs = Array.from(bytes, byte => byte.toString(16).padStart(2, '0'))
  const lines: string[] = []
  for (let at = 0; at < pairs.length; at += 16) lines.push(pairs.slice(at, at + 16).join(' '))
  return lines.join('\n')
}

/** Bytes that text of this kind stands for; null where it is none, or there is no text. */
export function bytesOfForm({ kind, text, bytes }: ContentForm): Uint8Array | null {
  if (kind === 'bytes') return bytes?.content ?? null
  if (kind === 'text' || kind === 'json') return new TextEncoder().encode(text)
  if (kind !== 'hex') return null
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '')
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return null
  return Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16))
}

/** The same content in another kind, where that says the same; else its text is kept as typed. */
export function inKind(form: ContentForm, kind: ContentKind): ContentForm {
  if (kind === form.kind) return form
  const bytes = bytesOfForm(form)
  if (bytes !== null && (kind === 'hex' || form.kind === 'hex' || form.kind === 'bytes')) {
    if (kind === 'hex') return contentForm('hex', hexOf(bytes))
    const text = kind === 'text' || kind === 'json' ? textOf(bytes) : null
    if (text !== null) return contentForm(kind, text)
  }
  return { ...form, kind }
}
