/**
 * Addresses a person can read: `?from=offset.120&p=0,2` instead of the router's JSON. Every value
 * is a string here; what it means is for the page that reads it.
 */

export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    if (typeof value === 'string' && value !== '') parameters.set(name, value)
  // Commas and colons are legal in a query, and the reason the address stays readable.
  const text = parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}
