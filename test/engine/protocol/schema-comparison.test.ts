/** The comparison with Apache Kafka's schemas must be able to fail; here it is made to. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { array, int32, message, nullableString, struct } from '../../../engine/protocol/schema.ts'
import { differences } from '../../schemas/compare.ts'
import { readJar } from '../../schemas/jar.ts'
import { parseSchema } from '../../schemas/kafka-schema.ts'

const schema = parseSchema(`// A comment, with "a string" in it.
{
  "apiKey": 99, "type": "request", "name": "ThingRequest",
  "validVersions": "1-3", // not 0
  "flexibleVersions": "2+",
  "fields": [
    { "name": "Address", "type": "string", "versions": "1+", "nullableVersions": "2+",
      "about": "Such as http://localhost" },
    { "name": "Limit", "type": "int32", "versions": "2+", "default": "-1", "ignorable": true },
    { "name": "Parts", "type": "[]Part", "versions": "1+" }
  ],
  "commonStructs": [
    { "name": "Part", "versions": "1+", "fields": [
      { "name": "Id", "type": "int32", "versions": "1+" },
      { "name": "Note", "type": "string", "versions": "3+", "nullableVersions": "3+",
        "taggedVersions": "3+", "tag": 0, "default": "null" }
    ]}
  ]
}`)
const schemas = { current: new Map([[schema.name, schema]]), older: new Map() }

const options = {
  name: 'ThingRequest',
  apiKey: 99,
  versions: [1, 3] as const,
  flexibleSince: 2,
}
const address = nullableString({ nullableSince: 2, default: '' })
const limit = int32({ since: 2, default: -1, ignorable: true })
const note = nullableString({ since: 3, tag: 0 })
const parts = array(struct({ id: int32(), note }))
const fields = { address, limit, parts }

describe('comparing a declaration with a schema', () => {
  test('finds nothing where they agree', () => {
    expect(differences(message({ ...options, fields }), schemas)).toEqual([])
  })

  test.each([
    ['a missing field', { address, parts }],
    ['another order', { limit, address, parts }],
    ['a field too many', { ...fields, more: int32() }],
    ['another type', { ...fields, limit: nullableString({ since: 2, default: '' }) }],
    ['another first version', { ...fields, limit: int32({ default: -1 }) }],
    ['an early null', { ...fields, address: nullableString({ default: '' }) }],
    ['another default', { ...fields, limit: int32({ since: 2, ignorable: true }) }],
    ['not ignoring', { ...fields, limit: int32({ since: 2, default: -1 }) }],
    ['no array', { ...fields, parts: struct({ id: int32(), note }) }],
    [
      'no tag',
      { ...fields, parts: array(struct({ id: int32(), note: nullableString({ since: 3 }) })) },
    ],
    [
      'another tag',
      {
        ...fields,
        parts: array(struct({ id: int32(), note: nullableString({ since: 3, tag: 1 }) })),
      },
    ],
    ['a missing field of a struct', { ...fields, parts: array(struct({ note })) }],
  ])('finds %s', (_, wrong) => {
    expect(differences(message({ ...options, fields: wrong }), schemas)).not.toEqual([])
  })

  test.each([
    ['another key', { apiKey: 98 }],
    ['another flexible version', { flexibleSince: 3 }],
    ['no flexible version', { flexibleSince: null }],
    ['a version that no Kafka has', { versions: [0, 3] as const }],
    ['fewer versions', { versions: [2, 3] as const }],
    ['a name that no schema has', { name: 'OtherRequest' }],
  ])('finds %s', (_, wrong) => {
    expect(differences(message({ ...options, ...wrong, fields }), schemas)).not.toEqual([])
  })
})

test('a jar is read with its deflated and its plain entries', () => {
  const jar = zip([
    { path: 'a/plain.json', contents: Buffer.from('plain'), method: 0 },
    { path: 'a/deflated.json', contents: Buffer.from('deflated '.repeat(50)), method: 8 },
    { path: 'b/other.class', contents: Buffer.from('other'), method: 0 },
  ])
  const files = readJar(jar, path => path.endsWith('.json'))
  expect([...files].map(([path, contents]) => [path, contents.toString()])).toEqual([
    ['a/plain.json', 'plain'],
    ['a/deflated.json', 'deflated '.repeat(50)],
  ])
})

interface Entry {
  readonly path: string
  readonly contents: Buffer
  readonly method: 0 | 8
}

/** A zip file with what a reader looks at, and zeros elsewhere. */
function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { path, contents, method } of entries) {
    const packed = method === 0 ? contents : deflateRawSync(contents)
    const local = Buffer.alloc(30)
    local.writeUInt16LE(path.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt16LE(path.length, 28)
    entry.writeUInt32LE(at, 42)
    locals.push(local, Buffer.from(path), packed)
    directory.push(entry, Buffer.from(path))
    at += local.length + path.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, ...directory, end])
}
