export interface ConfigurationSearch {
  readonly q?: string
  /** Only what differs from the default. */
  readonly changed?: '1'
  /** The configuration that is opened beside the table. */
  readonly config?: string
}

export function readConfigurationSearch(search: Record<string, unknown>): ConfigurationSearch {
  return {
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(search.changed === '1' ? { changed: '1' } : {}),
    ...(typeof search.config === 'string' && search.config !== '' ? { config: search.config } : {}),
  }
}
