/** Changes to configurations that are prepared and not made yet, and what they would come to. */
import type {
  ConfigurationChange,
  ConfigurationEntry,
  ConfigurationResource,
  ConfigurationSource,
} from '../../../src-main/contract/model/configuration.ts'

export type Prepared = Omit<ConfigurationChange, 'name'>
export type PreparedByName = ReadonlyMap<string, Prepared>

export function changesOf(prepared: PreparedByName): readonly ConfigurationChange[] {
  return [...prepared].map(([name, change]) => ({ name, ...change }))
}

/** The layer that a change of this resource writes. */
export function ownLayer({ type }: ConfigurationResource): ConfigurationSource {
  if (type === 'topic') return 'dynamic-topic'
  return type === 'broker' ? 'dynamic-broker' : 'dynamic-default-broker'
}

/** What is set on this resource itself; null where the value comes from elsewhere. */
export function ownValue(
  entry: ConfigurationEntry,
  resource: ConfigurationResource,
): string | null {
  return entry.source === ownLayer(resource) ? entry.value : null
}

/** What the value is after the change; null where that is not known. */
export function valueAfter(entry: ConfigurationEntry, change: Prepared | undefined): string | null {
  if (change === undefined) return entry.value
  switch (change.operation) {
    case 'set':
      return change.value
    case 'reset':
      return entry.inheritedValue
    case 'append':
      return [...elementsOf(entry.value), ...elementsOf(change.value)].join(',')
    case 'subtract': {
      const taken = elementsOf(change.value)
      return elementsOf(entry.value)
        .filter(element => !taken.includes(element))
        .join(',')
    }
  }
}

/**
 * A wanted value as the smallest change. A list that only gains or only loses elements is appended
 * to or subtracted from, so that someone else's change at the same time is not undone by this one.
 * Null where nothing would change.
 */
export function changeTo(
  entry: ConfigurationEntry,
  wanted: string,
  resource: ConfigurationResource,
): Prepared | null {
  if (wanted === entry.value && entry.source === ownLayer(resource)) return null
  if (entry.type !== 'list') {
    return wanted === entry.value ? null : { operation: 'set', value: wanted }
  }
  const [before, after] = [elementsOf(entry.value), elementsOf(wanted)]
  const gained = after.filter(element => !before.includes(element))
  const lost = before.filter(element => !after.includes(element))
  if (gained.length === 0 && lost.length === 0) return null
  if (lost.length === 0 && before.length > 0)
    return { operation: 'append', value: gained.join(',') }
  if (gained.length === 0 && after.length > 0)
    return { operation: 'subtract', value: lost.join(',') }
  return { operation: 'set', value: wanted }
}

/** What brings everything back to where it was before these changes. */
export function inverseOf(
  entries: readonly ConfigurationEntry[],
  changes: readonly ConfigurationChange[],
  resource: ConfigurationResource,
): readonly ConfigurationChange[] {
  return changes.map(({ name }) => {
    const entry = entries.find(each => each.name === name)
    const own = entry === undefined ? null : ownValue(entry, resource)
    return own === null
      ? { name, operation: 'reset', value: null }
      : { name, operation: 'set', value: own }
  })
}

export function elementsOf(value: string | null): readonly string[] {
  return (value ?? '')
    .split(',')
    .map(element => element.trim())
    .filter(element => element !== '')
}
