/** What a person types to narrow a list of names: words, or `/…/` as a regular expression. */

export type NameFilter =
  | { readonly type: 'all' }
  | { readonly type: 'test'; readonly test: (name: string) => boolean }
  | { readonly type: 'wrong'; readonly reason: string }

export function nameFilter(text: string): NameFilter {
  const trimmed = text.trim()
  if (trimmed === '') return { type: 'all' }
  const pattern = /^\/(.+)\/(i?)$/.exec(trimmed)
  if (pattern !== null) {
    try {
      const expression = new RegExp(pattern[1] ?? '', pattern[2])
      return { type: 'test', test: name => expression.test(name) }
    } catch (error) {
      // Waits for the SyntaxError of an expression that is half typed.
      return { type: 'wrong', reason: error instanceof Error ? error.message : String(error) }
    }
  }
  const words = trimmed.toLowerCase().split(/\s+/)
  return {
    type: 'test',
    test: name => {
      const lower = name.toLowerCase()
      return words.every(word => lower.includes(word))
    },
  }
}
