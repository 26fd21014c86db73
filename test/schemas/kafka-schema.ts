/**
 * Apache Kafka's message schemas, as its jars hold them: JSON with comments. Read here into one
 * shape, with version ranges as pairs; what they mean is said in compare.ts.
 */
import { readFileSync } from 'node:fs'
import { jarPath } from './artifacts.ts'
import { readJar } from './jar.ts'

/** First and last version, the last maybe Infinity; null for none. */
export type Versions = readonly [number, number] | null

export interface KafkaField {
  readonly name: string
  /** The type, or an array's element type. */
  readonly type: string
  readonly isArray: boolean
  readonly versions: Versions
  readonly nullable: Versions
  readonly tag: number | null
  readonly tagged: Versions
  readonly ignorable: boolean
  /** As the schema writes it: `''` for none, `'null'` for null. */
  readonly default: string
  /** False where the field stays inflexible in flexible versions. */
  readonly flexible: boolean
  /** The fields of a struct. */
  readonly fields: readonly KafkaField[]
}

export interface KafkaSchema {
  readonly name: string
  readonly apiKey: number | null
  readonly versions: Versions
  readonly flexible: Versions
  readonly fields: readonly KafkaField[]
}

interface RawField {
  readonly name: string
  readonly type: string
  readonly versions?: string
  readonly nullableVersions?: string
  readonly taggedVersions?: string
  readonly flexibleVersions?: string
  readonly tag?: number
  readonly ignorable?: boolean
  readonly default?: string | number | boolean | null
  readonly fields?: readonly RawField[]
}

interface RawSchema {
  readonly name: string
  readonly apiKey?: number
  readonly validVersions: string
  readonly flexibleVersions?: string
  /** Schemas of removed APIs have none. */
  readonly fields?: readonly RawField[]
  readonly commonStructs?: readonly {
    readonly name: string
    readonly fields: readonly RawField[]
  }[]
}

/** Every schema in the jars, by name. */
export function readSchemas(jars: readonly string[]): Map<string, KafkaSchema> {
  const schemas = new Map<string, KafkaSchema>()
  for (const jar of jars) {
    const files = readJar(readFileSync(jarPath(jar)), path =>
      /(^|\/)(message|metadata)\/[^/]+\.json$/.test(path),
    )
    for (const [path, contents] of files) {
      const schema = parseSchema(contents.toString())
      if (schemas.has(schema.name)) throw new TypeError(`${path}: second schema ${schema.name}`)
      schemas.set(schema.name, schema)
    }
  }
  return schemas
}

export function parseSchema(text: string): KafkaSchema {
  const raw = JSON.parse(withoutComments(text)) as RawSchema
  const structs = new Map(raw.commonStructs?.map(struct => [struct.name, struct.fields]))
  return {
    name: raw.name,
    apiKey: raw.apiKey ?? null,
    versions: versionsOf(raw.validVersions),
    flexible: versionsOf(raw.flexibleVersions),
    fields: (raw.fields ?? []).map(field => fieldOf(field, structs)),
  }
}

/** Comments begin with two slashes outside a string, and end with the line. */
function withoutComments(text: string): string {
  return text.replaceAll(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*/g, (_, string?: string) => string ?? '')
}

function fieldOf(raw: RawField, structs: ReadonlyMap<string, readonly RawField[]>): KafkaField {
  const isArray = raw.type.startsWith('[]')
  const type = isArray ? raw.type.slice(2) : raw.type
  const fields = raw.fields ?? structs.get(type) ?? []
  if (/^[A-Z]/.test(type) && fields.length === 0) throw new TypeError(`struct ${type} is nowhere`)
  return {
    name: raw.name.slice(0, 1).toLowerCase() + raw.name.slice(1),
    type,
    isArray,
    // A field that is tagged in all its versions need not name them twice.
    versions: versionsOf(raw.versions ?? raw.taggedVersions),
    nullable: versionsOf(raw.nullableVersions),
    tag: raw.tag ?? null,
    tagged: versionsOf(raw.taggedVersions),
    ignorable: raw.ignorable ?? false,
    default: raw.default === undefined || raw.default === null ? '' : String(raw.default),
    flexible: raw.flexibleVersions !== 'none',
    fields: fields.map(field => fieldOf(field, structs)),
  }
}

/** `3+`, `0-12`, `1` or `none`. */
function versionsOf(text: string | undefined): Versions {
  if (text === undefined || text === 'none') return null
  const match = /^(\d+)(\+|-(\d+))?$/.exec(text.trim())
  if (match === null) throw new TypeError(`versions ${text}`)
  const first = Number(match[1])
  if (match[2] === '+') return [first, Infinity]
  return [first, match[3] === undefined ? first : Number(match[3])]
}

export function includes(versions: Versions, version: number): boolean {
  return versions !== null && version >= versions[0] && version <= versions[1]
}
