/** A tree of words, as a translator's file has it. */
export interface Words {
  readonly [key: string]: string | Words
}

/**
 * Portuguese has a plural of its own for round millions ("um milhão de"), which with digits reads
 * like any other. Translators need not write everything twice: it is taken from `_other`.
 */
export function withMany(words: Words): Words {
  const all: Record<string, string | Words> = {}
  for (const [key, word] of Object.entries(words)) {
    all[key] = typeof word === 'string' ? word : withMany(word)
    const many = key.replace(/_other$/, '_many')
    if (many !== key && words[many] === undefined) all[many] = all[key]
  }
  return all
}
