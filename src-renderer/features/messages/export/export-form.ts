/** What an export is asked for, and the input of `export.start` that it makes. Pure. */
import type { exportApi } from '../../../../src-main/contract/api/export.ts'
import type { InputOf } from '../../../../src-main/contract/define.ts'
import type { DecoderChoice } from '../../../../src-main/contract/model/decode.ts'
import type { ScanInput } from '../query/scan-input.ts'

export type ExportStart = InputOf<typeof exportApi, 'export.start'>

export const FORMATS = ['ndjson', 'json', 'csv', 'raw'] as const
export const SEPARATORS = ['newline', 'nul', 'none'] as const
/** What one export of chosen rows may name. */
export const CHOSEN_MAX = 100_000

export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/** What can be exported from where one stands. */
export type ExportScope =
  | { readonly type: 'records'; readonly places: readonly Place[] }
  /** What a search found: its query is run again, so that nothing is left out. */
  | { readonly type: 'search'; readonly searchId: string }
  | { readonly type: 'query'; readonly scan: ScanInput }

export interface ExportForm {
  readonly format: (typeof FORMATS)[number]
  readonly headers: boolean
  readonly metadata: boolean
  readonly content: 'decoded' | 'base64'
  readonly separator: (typeof SEPARATORS)[number]
  readonly target: 'download' | 'file'
  readonly fileName: string
  readonly folder: string
}

export const FIRST_FORM: ExportForm = {
  format: 'ndjson',
  headers: true,
  metadata: true,
  content: 'decoded',
  separator: 'newline',
  target: 'download',
  fileName: '',
  folder: '',
}

export interface ExportContext {
  readonly cluster: string
  readonly decoders: { readonly key: DecoderChoice; readonly value: DecoderChoice }
}

export function exportInputOf(
  form: ExportForm,
  scope: ExportScope,
  { cluster, decoders }: ExportContext,
): ExportStart {
  const raw = form.format === 'raw'
  return {
    what: whatOf(scope, cluster, decoders),
    layout: {
      format: form.format,
      // Raw values stand alone: there is no place for anything beside them.
      headers: !raw && form.headers,
      metadata: !raw && form.metadata,
      content: raw ? 'decoded' : form.content,
      ...(raw ? { separator: form.separator } : {}),
    },
    target: form.target,
    fileName: form.fileName.trim() === '' ? null : form.fileName.trim(),
    folder: form.target === 'file' && form.folder.trim() !== '' ? form.folder.trim() : null,
  }
}

function whatOf(
  scope: ExportScope,
  cluster: string,
  decoders: ExportContext['decoders'],
): ExportStart['what'] {
  switch (scope.type) {
    case 'records':
      return { type: 'records', cluster, places: scope.places, decoders }
    case 'search':
      return { type: 'search', cluster, searchId: scope.searchId }
    case 'query':
      // An export ends: what comes later is not in it.
      return {
        type: 'query',
        ...scope.scan,
        until: scope.scan.until.type === 'none' ? { type: 'now' } : scope.scan.until,
        decoders,
      }
  }
}

/** What is wrong with a name, or null. A name never leads into another folder. */
export function fileNameProblem(name: string): 'folder' | 'long' | null {
  if (/[/\\\0]/.test(name) || name.trim() === '..' || name.trim() === '.') return 'folder'
  return name.trim().length > 200 ? 'long' : null
}

/** Where the browser finds a download: the page's own address, with its token. */
export function downloadUrl(
  downloadPath: string,
  page: { origin: string; search: string },
): string {
  const url = new URL(downloadPath, page.origin)
  const token = new URLSearchParams(page.search).get('token')
  if (token !== null) url.searchParams.set('token', token)
  return url.href
}
