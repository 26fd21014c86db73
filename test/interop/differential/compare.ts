/** Two answers as lists of fields, and where they differ. */

/** Ids, times and places that must differ; both must have them, or neither. */
const own =
  /^(throttleTimeMs|host|port|clusterId|topicId|controllerId|memberId|leader|logDir|sessionId|producerId|lastTimestamp|logAppendTimeMs|coordinatorId|acquiredAt|rack)$/

/** The field that names an element of an array, so that order and gaps do not matter. */
const keys = ['apiKey', 'name', 'topic', 'topicName', 'resourceName', 'groupId', 'key']
const indexKeys = ['partitionIndex', 'partition', 'index', 'brokerId', 'nodeId', 'memberId']

export function fieldsOf(value: unknown): Map<string, string> {
  const fields = new Map<string, string>()
  flatten(value, '', fields)
  return fields
}

export function differencesOf(
  apache: Map<string, string>,
  odradek: Map<string, string>,
): { field: string; apache: string; odradek: string }[] {
  const names = new Set([...apache.keys(), ...odradek.keys()])
  return [...names]
    .map(field => ({
      field,
      apache: apache.get(field) ?? '(absent)',
      odradek: odradek.get(field) ?? '(absent)',
    }))
    .filter(each => each.apache !== each.odradek)
}

function flatten(value: unknown, path: string, fields: Map<string, string>): void {
  const name = path.slice(path.lastIndexOf('.') + 1)
  if (own.test(name) && !Array.isArray(value)) fields.set(path, emptiness(value))
  else if (value instanceof Uint8Array) fields.set(path, Buffer.from(value).toString('hex'))
  else if (Array.isArray(value)) flattenArray(value, path, fields)
  else if (typeof value === 'object' && value !== null)
    for (const [key, field] of Object.entries(value))
      flatten(field, path === '' ? key : `${path}.${key}`, fields)
  else fields.set(path, String(value))
}

function flattenArray(elements: unknown[], path: string, fields: Map<string, string>): void {
  fields.set(`${path}.length`, String(elements.length))
  const seen = new Map<string, number>()
  for (const element of elements) {
    const named = nameOf(element)
    const count = seen.get(named) ?? 0
    seen.set(named, count + 1)
    flatten(element, `${path}[${named}${count === 0 ? '' : `#${count}`}]`, fields)
  }
}

function nameOf(element: unknown): string {
  if (typeof element !== 'object' || element === null) return ''
  const record = element as Record<string, unknown>
  const key = [...keys, ...indexKeys].find(
    each => each in record && record[each] !== null && record[each] !== '' && each !== 'memberId',
  )
  return key === undefined ? '' : String(record[key])
}

function emptiness(value: unknown): string {
  if (value === null || value === '' || value === 'AAAAAAAAAAAAAAAAAAAAAA') return 'empty'
  return typeof value !== 'string' && Number(value) < 0 ? 'negative' : 'given'
}
