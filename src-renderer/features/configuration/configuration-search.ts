export interface ConfigurationSearch {
  readonly q?: string
  /** Only what differs from the default. */
  readonly changed?: '1'
}

export function readConfigurationSearch(search: Record<string, unknown>): ConfigurationSearch {
  return {
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(search.changed === '1' ? { changed: '1' } : {}),
  }
}
