/** What an exported file is called when nobody says, and what is left of what somebody says. */
import { ContractError } from '../contract/define.ts'
import type { ExportFormat } from '../contract/model/export.ts'

export interface FileNameInput {
  /** Null to make one up. */
  readonly given: string | null
  readonly topics: readonly string[]
  readonly format: ExportFormat
  readonly startedAtMs: bigint
}

const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  ndjson: '.ndjson',
  json: '.json',
  csv: '.csv',
  raw: '.bin',
}
/** What no file system likes, and what would lead out of the folder. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f/\\:*?"<>|]/

/** Throws `INVALID_INPUT` for a name with folders in it. */
export function fileNameFor({ given, topics, format, startedAtMs }: FileNameInput): string {
  if (given === null) {
    const time = new Date(Number(startedAtMs)).toISOString().slice(0, 19).replaceAll(':', '-')
    const subject = topics.length > 3 ? `${topics.length} topics` : topics.join('+')
    return `${subject.slice(0, 120)} ${time}${ENDINGS[format]}`
  }
  if (FORBIDDEN.test(given) || /^\.+$/.test(given) || given.trim() === '')
    throw new ContractError({
      code: 'INVALID_INPUT',
      message: `${JSON.stringify(given)} is no name of a file`,
      remedy: 'Leave out folders and the characters \\ / : * ? " < > |.',
    })
  return given
}
