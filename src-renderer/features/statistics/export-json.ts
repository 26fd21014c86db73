/** Statistics as JSON that keeps every digit: an int64 is written as the number that it is. */
import type { TopicStatistics } from '../../../src-main/contract/model/statistics.ts'

export function statisticsJson(statistics: TopicStatistics): string {
  const { progress, jobId: _jobId, ...rest } = statistics
  const { partitions: _partitions, unreadable: _unreadable, ...read } = progress
  return `${write({ ...rest, read }, '')}\n`
}

function write(value: unknown, indent: string): string {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return JSON.stringify(base64(value))
  if (Array.isArray(value))
    return listed(
      '[',
      value.map(each => write(each, `${indent}  `)),
      ']',
      indent,
    )
  if (typeof value === 'object' && value !== null)
    return listed(
      '{',
      Object.entries(value).flatMap(([name, field]) =>
        field === undefined ? [] : [`${JSON.stringify(name)}: ${write(field, `${indent}  `)}`],
      ),
      '}',
      indent,
    )
  return JSON.stringify(value ?? null)
}

function listed(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close
  const inner = parts.map(part => `${indent}  ${part}`).join(',\n')
  return `${open}\n${inner}\n${indent}${close}`
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun its download by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
