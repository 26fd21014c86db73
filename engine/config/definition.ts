/**
 * A configuration as data: name, type, default, permitted values, and how it may be changed. One
 * table entry gives the parser, the validator, the typed settings and the DescribeConfigs entry.
 *
 * Names, types and defaults are those of Apache Kafka 4.3; the documentation is our own.
 */
import { KafkaError } from '../protocol/errors.ts'

export type ConfigType =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password'

export type ConfigValue = boolean | number | bigint | string | readonly string[] | null

/** `per-broker` may be set for one broker alone; `cluster-wide` for one broker or for all. */
export type ConfigUpdate = 'read-only' | 'per-broker' | 'cluster-wide'

export type Importance = 'high' | 'medium' | 'low'

/** A broker configuration that a topic's or group's falls back to, first set one first. */
export interface ConfigSynonym {
  readonly name: string
  /** Multiplies the synonym's number to give this configuration's unit. */
  readonly factor: bigint
}

export interface ConfigOptions {
  readonly atLeast?: number
  readonly atMost?: number
  /** Every value that is permitted; of a list, every element that is. */
  readonly among?: readonly string[]
  readonly caseInsensitive?: boolean
  /** A check that no range expresses: says what is permitted, or null when the value is. */
  readonly complaint?: (value: ConfigValue) => string | null
  readonly importance?: Importance
  readonly sensitive?: boolean
  readonly update?: ConfigUpdate
  /** Whether setting it changes what this engine does, and not only what it reports. */
  readonly effective?: boolean
  readonly synonyms?: readonly (string | ConfigSynonym)[]
}

export interface ConfigDefinition<T extends ConfigValue = ConfigValue> {
  readonly type: ConfigType
  readonly default: T
  readonly documentation: string
  readonly atLeast: number | null
  readonly atMost: number | null
  readonly among: readonly string[] | null
  readonly caseInsensitive: boolean
  readonly complaint: ((value: ConfigValue) => string | null) | null
  readonly importance: Importance
  readonly sensitive: boolean
  readonly update: ConfigUpdate
  readonly effective: boolean
  readonly synonyms: readonly ConfigSynonym[]
}

export type ConfigTable = Readonly<Record<string, ConfigDefinition>>

function maker<T extends ConfigValue>(type: ConfigType) {
  return (
    byDefault: T,
    documentation: string,
    options: ConfigOptions = {},
  ): ConfigDefinition<T> => ({
    type,
    default: byDefault,
    documentation,
    atLeast: options.atLeast ?? null,
    atMost: options.atMost ?? null,
    among: options.among ?? null,
    caseInsensitive: options.caseInsensitive ?? false,
    complaint: options.complaint ?? null,
    importance: options.importance ?? 'medium',
    sensitive: options.sensitive ?? type === 'password',
    update: options.update ?? 'read-only',
    effective: options.effective ?? false,
    synonyms: (options.synonyms ?? []).map(each =>
      typeof each === 'string' ? { name: each, factor: 1n } : each,
    ),
  })
}

export const boolean = maker<boolean>('boolean')
export const int = maker<number>('int')
export const short = maker<number>('short')
export const long = maker<bigint>('long')
export const double = maker<number>('double')
export const string = maker<string>('string')
export const list = maker<readonly string[]>('list')
export const className = maker<string>('class')

/** The same types for configurations that may stay unset. */
export const optionalInt = maker<number | null>('int')
export const optionalLong = maker<bigint | null>('long')
export const optionalString = maker<string | null>('string')
export const optionalList = maker<readonly string[] | null>('list')
export const optionalClass = maker<string | null>('class')
export const optionalPassword = maker<string | null>('password')

/** `retention.ms` of a table as the settings' `retentionMs`. */
export type SettingName<Name extends string> = Name extends `${infer First}.${infer Rest}`
  ? `${First}${Capitalize<SettingName<Rest>>}`
  : Name

export type SettingsOf<Table extends ConfigTable> = {
  readonly [
    Name in keyof Table & string as SettingName<Name>
  ]: Table[Name] extends ConfigDefinition<infer T> ? T : never
}

export function settingName(name: string): string {
  return name.replace(/\.([a-z0-9])/g, (_, first: string) => first.toUpperCase())
}

/** The configuration as text, as ConfigRecord and DescribeConfigs carry it. */
export function formatConfigValue(value: ConfigValue): string | null {
  if (value === null) return null
  if (Array.isArray(value)) return value.join(',')
  // Exponents as Java writes them, so that the same number is the same text.
  return typeof value === 'number' ? String(value).replace(/e\+?/, 'E') : String(value)
}

/** Reads and checks one value. Fails with INVALID_CONFIG, naming key, value and what is allowed. */
export function parseConfigValue(
  name: string,
  definition: ConfigDefinition,
  text: string,
): ConfigValue {
  const value = parse(name, definition, text)
  const complaint = complaintAbout(definition, value)
  if (complaint !== null) throw invalid(name, definition, text, complaint)
  return value
}

const integerLimits = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

function parse(name: string, definition: ConfigDefinition, text: string): ConfigValue {
  const trimmed = text.trim()
  switch (definition.type) {
    case 'boolean': {
      const lower = trimmed.toLowerCase()
      if (lower === 'true' || lower === 'false') return lower === 'true'
      throw invalid(name, definition, text, 'must be true or false')
    }
    case 'int':
    case 'short':
    case 'long': {
      if (!/^[+-]?\d{1,20}$/.test(trimmed))
        throw invalid(name, definition, text, `is no ${kind(definition)}`)
      const value = BigInt(trimmed.replace(/^\+/, ''))
      const [lowest, highest] = integerLimits[definition.type]
      if (value < lowest || value > highest)
        throw invalid(name, definition, text, `is no ${kind(definition)}`)
      return definition.type === 'long' ? value : Number(value)
    }
    case 'double': {
      const value = Number(trimmed)
      if (trimmed !== '' && !Number.isNaN(value)) return value
      throw invalid(name, definition, text, 'is no number')
    }
    case 'list':
      return trimmed === '' ? [] : listed(trimmed, definition)
    case 'string':
    case 'class':
    case 'password':
      return text
  }
}

/** Of a closed list each element counts once, as Apache Kafka 4 reads it. */
function listed(text: string, definition: ConfigDefinition): readonly string[] {
  const elements = text.split(',').map(element => element.trim())
  return definition.among === null ? elements : [...new Set(elements)]
}

function kind(definition: ConfigDefinition): string {
  const bits = { int: 32, short: 16, long: 64 }[definition.type as 'int' | 'short' | 'long']
  return `whole number of ${bits} bits`
}

function complaintAbout(definition: ConfigDefinition, value: ConfigValue): string | null {
  const { atLeast, atMost, among, caseInsensitive } = definition
  if (typeof value === 'number' || typeof value === 'bigint') {
    const below = atLeast !== null && value < atLeast
    const above = atMost !== null && value > atMost
    if (below || above) {
      if (atMost === null) return `must be at least ${atLeast}`
      return atLeast === null ? `must be at most ${atMost}` : `must be from ${atLeast} to ${atMost}`
    }
  }
  if (among !== null) {
    const elements = Array.isArray(value) ? (value as readonly string[]) : [String(value)]
    const known = (element: string) =>
      among.some(each =>
        caseInsensitive ? each.toLowerCase() === element.toLowerCase() : each === element,
      )
    const stranger = elements.find(element => !known(element))
    if (stranger !== undefined)
      return Array.isArray(value)
        ? `may hold ${among.join(', ')}, not '${stranger}'`
        : `must be one of ${among.join(', ')}`
  }
  return definition.complaint?.(value) ?? null
}

function invalid(
  name: string,
  definition: ConfigDefinition,
  text: string,
  complaint: string,
): KafkaError {
  // What was meant as a password must not reach a log through its own error message.
  const shown = definition.sensitive ? 'the value' : `'${text}'`
  return new KafkaError('INVALID_CONFIG', `invalid value for ${name}: ${shown} ${complaint}`)
}
