/** A value as JSON in which 64-bit integers keep all their digits. */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}`
  if (Array.isArray(value)) return `[${value.map(each => jsonText(each ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => `${JSON.stringify(name)}:${jsonText(each)}`)
  return `{${fields.join(',')}}`
}
