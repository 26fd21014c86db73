/**
 * Checks what comes in over the contract. A check either returns a value of its type, rebuilt from
 * declared fields alone, or throws a `ContractError` that names the field. Plain closures: the
 * page's content security policy forbids code made at run time, and none is needed.
 */
import { ContractError } from './define.ts'

export interface Check<T> {
  /** `path` names the field in the error, as `input.partitions[3]`. */
  read(value: unknown, path: string): T
  /** An object may lack this field. */
  readonly optional?: boolean
}

export type CheckedBy<C> = C extends Check<infer T> ? T : never

function refuse(path: string, expected: string, value: unknown): never {
  throw new ContractError({
    code: 'INVALID_INPUT',
    message: `${path} is ${shown(value)}, not ${expected}`,
  })
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'an array' : 'an object'
  return String(value)
}

export interface StringLimits {
  readonly minLength?: number
  readonly maxLength: number
}

export function string({ minLength = 0, maxLength }: StringLimits): Check<string> {
  return {
    read(value, path) {
      if (typeof value === 'string' && value.length >= minLength && value.length <= maxLength)
        return value
      return refuse(path, `a string of ${minLength} to ${maxLength} characters`, value)
    },
  }
}

export interface IntegerLimits {
  readonly min: number
  readonly max: number
}

export function integer({ min, max }: IntegerLimits): Check<number> {
  return {
    read(value, path) {
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
        return value
      return refuse(path, `an integer from ${min} to ${max}`, value)
    },
  }
}

export const boolean: Check<boolean> = {
  read: (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'a boolean', value)),
}

const INT64_MAX = 0x7fff_ffff_ffff_ffffn

function int64From(min: bigint, what: string): Check<bigint> {
  return {
    read(value, path) {
      if (typeof value === 'bigint' && value >= min && value <= INT64_MAX) return value
      return refuse(path, what, value)
    },
  }
}

/** Any signed 64-bit number: what is stored where Kafka checks nothing. */
export const int64: Check<bigint> = int64From(-INT64_MAX - 1n, 'a 64-bit integer')

/** A place in a partition. */
export const offset: Check<bigint> = int64From(0n, 'an offset')

/** A count of offsets from the beginning of a view; see `RecordPage`. */
export const position: Check<bigint> = int64From(0n, 'a position')

/** Milliseconds since the epoch. */
export const timestampMs: Check<bigint> = int64From(0n, 'a timestamp in milliseconds')

export function bytes({ maxLength }: { readonly maxLength: number }): Check<Uint8Array> {
  return {
    read(value, path) {
      if (!(value instanceof Uint8Array)) return refuse(path, 'bytes', value)
      if (value.length > maxLength)
        return refuse(`${path}.length`, `at most ${maxLength}`, value.length)
      return value
    },
  }
}

export function literal<const T extends string>(...options: readonly T[]): Check<T> {
  return {
    read(value, path) {
      const found = options.find(option => option === value)
      return found ?? refuse(path, `one of ${options.join(', ')}`, value)
    },
  }
}

export function array<T>(
  element: Check<T>,
  { maxLength }: { readonly maxLength: number },
): Check<readonly T[]> {
  return {
    read(value, path) {
      if (!Array.isArray(value)) return refuse(path, 'an array', value)
      if (value.length > maxLength)
        return refuse(`${path}.length`, `at most ${maxLength}`, value.length)
      return value.map((each, index) => element.read(each, `${path}[${index}]`))
    },
  }
}

export function nullable<T>(inner: Check<T>): Check<T | null> {
  return { read: (value, path) => (value === null ? null : inner.read(value, path)) }
}

/** The field may be left out; `undefined` and absent are the same. */
export function optional<T>(inner: Check<T>): Check<T | undefined> & { readonly optional: true } {
  return {
    optional: true,
    read: (value, path) => (value === undefined ? undefined : inner.read(value, path)),
  }
}

type Shape = Readonly<Record<string, Check<any>>>
type Simplify<T> = { [K in keyof T]: T[K] }
type OptionalFields<S extends Shape> = {
  [K in keyof S]: S[K] extends { readonly optional: true } ? K : never
}[keyof S]
export type ObjectOf<S extends Shape> = Simplify<
  { readonly [K in Exclude<keyof S, OptionalFields<S>>]: CheckedBy<S[K]> } & {
    readonly [K in OptionalFields<S>]?: CheckedBy<S[K]>
  }
>

/** An object with these fields and no others. */
export function object<S extends Shape>(shape: S): Check<ObjectOf<S>> {
  const fields = Object.entries(shape)
  return {
    read(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return refuse(path, 'an object', value)
      const given = value as Record<string, unknown>
      for (const name of Object.keys(given))
        if (!Object.hasOwn(shape, name)) refuse(`${path}.${name}`, 'a known field', given[name])
      const checked: Record<string, unknown> = {}
      for (const [name, field] of fields) {
        const read = field.read(
          Object.hasOwn(given, name) ? given[name] : undefined,
          `${path}.${name}`,
        )
        if (read !== undefined) checked[name] = read
      }
      return checked as ObjectOf<S>
    },
  }
}

type Variants = Readonly<Record<string, Shape>>
export type UnionOf<V extends Variants> = {
  [K in keyof V & string]: Simplify<{ readonly type: K } & ObjectOf<V[K]>>
}[keyof V & string]

/** One of several objects, told apart by their `type`. */
export function union<V extends Variants>(variants: V): Check<UnionOf<V>> {
  const checks = new Map(
    Object.entries(variants).map(([type, shape]) => [
      type,
      object({ type: literal(type), ...shape }),
    ]),
  )
  return {
    read(value, path) {
      if (typeof value !== 'object' || value === null) return refuse(path, 'an object', value)
      const { type } = value as { type?: unknown }
      const check = typeof type === 'string' ? checks.get(type) : undefined
      if (check === undefined)
        return refuse(`${path}.type`, `one of ${[...checks.keys()].join(', ')}`, type)
      return check.read(value, path) as unknown as UnionOf<V>
    },
  }
}
