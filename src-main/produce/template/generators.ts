/**
 * What can stand in `{{…}}`. Each generator checks its arguments once and gives a function that is
 * called for every record. Pure: time, randomness and the record's place come with the call.
 */
import { isoOf, parseDurationMs } from './duration.ts'
import { TemplateError, type Call, type Word } from './parse-template.ts'
import type { SeededRandom } from './seeded-random.ts'
import { firstNames, lastNames, words } from './word-lists.ts'

/** Of one record. */
export interface RenderContext {
  /** From zero. */
  index: number
  nowMs: number
  timestampMs: number
  readonly topic: string
  readonly random: SeededRandom
  /** What each variable came to for this record. */
  readonly variables: string[]
}

export type Render = (context: RenderContext) => string

export interface Generator {
  /** How it is written, for the list in the panel and for errors. */
  readonly usage: string
  compile(call: Call, fail: Fail): Render
}

/** Makes the error of a call: at one of its arguments, or at its name. */
export type Fail = (message: string, word?: Word) => TemplateError

const WORDS_MAX = 1_000
const LENGTH_MAX = 1_048_576

export const generators: Readonly<Record<string, Generator>> = {
  sequence: {
    usage: '{{sequence}}: 0, 1, 2, …',
    compile: (call, fail) => {
      none(call, fail)
      return ({ index }) => String(index)
    },
  },
  counter: {
    usage: '{{counter}} or {{counter 1000 10}}: from a first number, by a step',
    compile(call, fail) {
      const start = integer(call, 0, fail, 1)
      const step = integer(call, 1, fail, 1)
      atMost(call, 2, fail)
      return ({ index }) => String(start + step * index)
    },
  },
  uuid: {
    usage: '{{uuid}}: random, version 4',
    compile: (call, fail) => {
      none(call, fail)
      return ({ random }) => uuid(random)
    },
  },
  int: {
    usage: '{{int 1 100}}: a whole number, both ends included',
    compile(call, fail) {
      const least = integer(call, 0, fail)
      const greatest = integer(call, 1, fail)
      atMost(call, 2, fail)
      if (greatest < least) throw fail(`${greatest} is less than ${least}`, call.arguments[1])
      return ({ random }) => String(least + random.below(greatest - least + 1))
    },
  },
  float: {
    usage: '{{float 0 1}} or {{float 0 100 2}}: a number, with so many decimals',
    compile(call, fail) {
      const least = number(call, 0, fail)
      const greatest = number(call, 1, fail)
      const decimals = call.arguments.length > 2 ? integer(call, 2, fail) : null
      atMost(call, 3, fail)
      if (decimals !== null && (decimals < 0 || decimals > 15))
        throw fail('decimals are 0 to 15', call.arguments[2])
      return ({ random }) => {
        const value = least + random.unit() * (greatest - least)
        return decimals === null ? String(value) : value.toFixed(decimals)
      }
    },
  },
  normal: {
    usage: '{{normal 100 15 1}}: around a mean, with a deviation and decimals',
    compile(call, fail) {
      const mean = number(call, 0, fail)
      const deviation = number(call, 1, fail)
      const decimals = call.arguments.length > 2 ? integer(call, 2, fail) : 0
      atMost(call, 3, fail)
      if (decimals < 0 || decimals > 15) throw fail('decimals are 0 to 15', call.arguments[2])
      return ({ random }) => {
        const radius = Math.sqrt(-2 * Math.log(1 - random.unit()))
        const value = mean + deviation * radius * Math.cos(2 * Math.PI * random.unit())
        return value.toFixed(decimals)
      }
    },
  },
  boolean: {
    usage: '{{boolean}} or {{boolean 0.1}}: true or false, with the chance of true',
    compile(call, fail) {
      const chance = call.arguments.length > 0 ? number(call, 0, fail) : 0.5
      atMost(call, 1, fail)
      return ({ random }) => (random.unit() < chance ? 'true' : 'false')
    },
  },
  now: {
    usage: '{{now}}, {{now iso}}, {{now seconds}}, {{now -15m}}: the time it is made at',
    compile: (call, fail) => time(call, fail, ({ nowMs }) => nowMs),
  },
  timestamp: {
    usage: '{{timestamp}}, {{timestamp iso}}: the record’s own timestamp',
    compile: (call, fail) => time(call, fail, ({ timestampMs }) => timestampMs),
  },
  choice: {
    usage: "{{choice paid open 'on hold'}}: one of them",
    compile({ arguments: options }, fail) {
      if (options.length === 0) throw fail('choice has nothing to choose from')
      const texts = options.map(({ text }) => text)
      return ({ random }) => texts[random.below(texts.length)]!
    },
  },
  weighted: {
    usage: '{{weighted paid 9 failed 1}}: one of them, by weight',
    compile: weighted,
  },
  random: {
    usage: '{{random string 12}}, also letters, digits, hex: so many characters',
    compile: randomText,
  },
  word: { usage: '{{word}}: an English word', compile: oneOf(words) },
  sentence: {
    usage: '{{sentence}} or {{sentence 8}}: so many words',
    compile(call, fail) {
      const count = integer(call, 0, fail, 6)
      atMost(call, 1, fail)
      if (count < 1 || count > WORDS_MAX)
        throw fail(`a sentence has 1 to ${WORDS_MAX} words`, call.arguments[0])
      return ({ random }) => {
        let text = ''
        for (let index = 0; index < count; index++)
          text += (index === 0 ? '' : ' ') + words[random.below(words.length)]!
        return `${text[0]!.toUpperCase()}${text.slice(1)}.`
      }
    },
  },
  'first-name': { usage: '{{first-name}}', compile: oneOf(firstNames) },
  'last-name': { usage: '{{last-name}}', compile: oneOf(lastNames) },
  email: {
    usage: '{{email}}: of nobody, at example.com',
    compile: (call, fail) => {
      none(call, fail)
      return ({ random }) => {
        const first = firstNames[random.below(firstNames.length)]!
        const last = lastNames[random.below(lastNames.length)]!
        return `${first}.${last}${random.below(1_000)}@example.com`.toLowerCase()
      }
    },
  },
  ip: {
    usage: '{{ip}}: a private IPv4 address',
    compile: (call, fail) => {
      none(call, fail)
      return ({ random }) => `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`
    },
  },
  topic: {
    usage: '{{topic}}: the name of the topic',
    compile: (call, fail) => {
      none(call, fail)
      return ({ topic }) => topic
    },
  },
}

const alphabets: Readonly<Record<string, string>> = {
  string: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  letters: 'abcdefghijklmnopqrstuvwxyz',
  digits: '0123456789',
  hex: '0123456789abcdef',
}

function randomText(call: Call, fail: Fail): Render {
  const [kind] = call.arguments
  const alphabet = alphabets[kind?.text ?? '']
  if (alphabet === undefined)
    throw fail(`random wants one of ${Object.keys(alphabets).join(', ')}`, kind)
  const length = integer(call, 1, fail)
  atMost(call, 2, fail)
  if (length < 0 || length > LENGTH_MAX)
    throw fail(`a length is 0 to ${LENGTH_MAX}`, call.arguments[1])
  return ({ random }) => {
    let text = ''
    for (let index = 0; index < length; index++) text += alphabet[random.below(alphabet.length)]!
    return text
  }
}

function weighted(call: Call, fail: Fail): Render {
  const { arguments: pairs } = call
  if (pairs.length === 0 || pairs.length % 2 !== 0)
    throw fail('weighted wants pairs: a value and its weight')
  const values: string[] = []
  const sums: number[] = []
  let sum = 0
  for (let index = 0; index < pairs.length; index += 2) {
    const weight = number(call, index + 1, fail)
    if (weight < 0) throw fail('a weight is 0 or more', pairs[index + 1])
    values.push(pairs[index]!.text)
    sums.push((sum += weight))
  }
  if (sum === 0) throw fail('all weights are 0')
  return ({ random }) => {
    const drawn = random.unit() * sum
    return values[sums.findIndex(each => drawn < each)]!
  }
}

function time(call: Call, fail: Fail, of: (context: RenderContext) => number): Render {
  let form = 'milliseconds'
  let shiftMs = 0
  for (const word of call.arguments) {
    const duration = parseDurationMs(word.text)
    if (duration !== null) shiftMs += duration
    else if (['iso', 'seconds', 'milliseconds', 'date'].includes(word.text)) form = word.text
    else
      throw fail(
        `${word.text} is neither iso, date, seconds, milliseconds nor a duration such as -15m`,
        word,
      )
  }
  if (form === 'iso') return context => isoOf(of(context) + shiftMs)
  if (form === 'date') return context => isoOf(of(context) + shiftMs).slice(0, 10)
  if (form === 'seconds') return context => String(Math.floor((of(context) + shiftMs) / 1_000))
  return context => String(of(context) + shiftMs)
}

function oneOf(list: readonly string[]): Generator['compile'] {
  return (call, fail) => {
    none(call, fail)
    return ({ random }) => list[random.below(list.length)]!
  }
}

/** RFC 9562, version 4. */
function uuid(random: SeededRandom): string {
  const versioned = hex8(((random.bits32() & 0xffff_0fff) | 0x4000) >>> 0)
  const variant = hex8(((random.bits32() & 0x3fff_ffff) | 0x8000_0000) >>> 0)
  const [first, last] = [hex8(random.bits32()), hex8(random.bits32())]
  return `${first}-${versioned.slice(0, 4)}-${versioned.slice(4)}-${variant.slice(0, 4)}-${variant.slice(4)}${last}`
}

function hex8(bits: number): string {
  return bits.toString(16).padStart(8, '0')
}

function none(call: Call, fail: Fail): void {
  atMost(call, 0, fail)
}

function atMost(call: Call, count: number, fail: Fail): void {
  const extra = call.arguments[count]
  if (extra !== undefined) throw fail(`${call.name.text} takes no ${extra.text}`, extra)
}

function number(call: Call, index: number, fail: Fail): number {
  const word = call.arguments[index]
  if (word === undefined) throw fail(`${call.name.text} wants more numbers`)
  const value = Number(word.text)
  if (word.text === '' || !Number.isFinite(value)) throw fail(`${word.text} is no number`, word)
  return value
}

function integer(call: Call, index: number, fail: Fail, otherwise?: number): number {
  if (otherwise !== undefined && call.arguments[index] === undefined) return otherwise
  const value = number(call, index, fail)
  if (!Number.isSafeInteger(value))
    throw fail(`${call.arguments[index]!.text} is no whole number`, call.arguments[index])
  return value
}
