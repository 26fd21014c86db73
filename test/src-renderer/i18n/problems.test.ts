import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { problemIn, type ProblemWords } from '../../../src-renderer/i18n/problems.ts'
import pt from '../../../src-renderer/i18n/pt/problems.json' with { type: 'json' }

const words: ProblemWords = pt

test('a problem is said by its code, with the application’s words behind', () => {
  const problem = {
    code: 'TOPIC_ALREADY_EXISTS',
    message: 'topic orders',
    remedy: 'Choose another name.',
  }
  expect(problemIn(words, problem)).toEqual({
    code: 'TOPIC_ALREADY_EXISTS',
    message: 'o tópico já existe (topic orders)',
    remedy: 'Escolha outro nome.',
  })
})

test('what has no words stays as it came', () => {
  const problem = { code: 'SOMETHING_NEW', message: 'it broke', remedy: 'Try something else.' }
  expect(problemIn(words, problem)).toEqual(problem)
})

/** No problems of a page: the list of programs, and what the control address says to a shell. */
const others = [join('src-main', 'application', 'doctor.ts'), join('src-main', 'control')]
const sources = readdirSync('src-main', { recursive: true, encoding: 'utf8' })
  .map(path => join('src-main', path))
  .filter(path => path.endsWith('.ts') && !others.some(other => path.startsWith(other)))
  .map(path => readFileSync(path, 'utf8'))

describe('Portuguese', () => {
  test('has every remedy that is one fixed sentence', () => {
    const remedies = sources.flatMap(source => [
      ...literalsAfter(source, /\bremedy:\s*/g),
      ...literalsAfter(source, /^ {2}[A-Z_]+:\s+(?=')/gm).filter(text => text.endsWith('.')),
    ])
    expect(remedies.length).toBeGreaterThan(40)
    expect(remedies.filter(text => words.remedies[text] === undefined)).toEqual([])
    expect(Object.keys(words.remedies).filter(text => !remedies.includes(text))).toEqual([])
  })

  test('has every code that the application itself gives', () => {
    const codes = sources.flatMap(source =>
      [...source.matchAll(/\bcode: '([A-Z_]+)'/g)].map(([, code]) => code!),
    )
    expect(codes.length).toBeGreaterThan(40)
    expect(codes.filter(code => words.codes[code] === undefined)).toEqual([])
  })
})

/** String literals after each match, put together where they are joined by `+`. */
function literalsAfter(source: string, before: RegExp): string[] {
  return [...source.matchAll(before)].flatMap(match => {
    const rest = source.slice(match.index + match[0].length)
    const found = /^(?:'(?:[^'\\\n]|\\.)*'\s*\+?\s*)+/.exec(rest)?.[0]
    if (found === undefined) return []
    const parts = [...found.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)].map(([, text]) => text!)
    return parts.join('').replaceAll(/\\(.)/g, '$1')
  })
}
