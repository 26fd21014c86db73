/**
 * Problems in the reader's language. The application says them in English, with the names and
 * values that they are about. Other languages say by the code what it is, keep the application's own
 * words behind it, and say the remedy by its English sentence; what has no words stays as it came.
 */
import type { Problem } from '../../src-main/contract/define.ts'
import { chosenLanguage, type Language } from './languages.ts'
import pt from './pt/problems.json' with { type: 'json' }

export interface ProblemWords {
  /** By code, as the beginning of a sentence. */
  readonly codes: Readonly<Record<string, string>>
  /** By the English sentence. */
  readonly remedies: Readonly<Record<string, string>>
}

const words: Readonly<Record<Language, ProblemWords | null>> = { en: null, pt }

const language = chosenLanguage()
/** A problem may be shown by a part of a page that said it, inside of one that says it again. */
const said = new WeakSet<Problem>()

export function sayProblem(problem: Problem): Problem {
  const spoken = words[language]
  if (spoken === null || said.has(problem)) return problem
  const own = problemIn(spoken, problem)
  said.add(own)
  return own
}

export function problemIn({ codes, remedies }: ProblemWords, problem: Problem): Problem {
  const { code, message, remedy } = problem
  const what = codes[code]
  return {
    ...problem,
    message: what === undefined ? message : `${what} (${message})`,
    ...(remedy === undefined ? {} : { remedy: remedies[remedy] ?? remedy }),
  }
}
