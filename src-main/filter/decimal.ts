/**
 * Exact comparison of numbers as they are written in JSON: 9007199254740993 is more than
 * 9007199254740992, 1.10 equals 1.1, and 1e400 is finite.
 */

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/** Of an exponent: more is no number of anyone's, and would cost memory to line up. */
const EXPONENT_DIGITS_MAX = 9
/** Integers of so many digits are exact as doubles. */
const PLAIN_DIGITS_MAX = 15
const PLAIN = /^-?\d{1,15}$/

export interface Decimal {
  readonly negative: boolean
  /** Without zeros at either end; empty for zero. */
  readonly digits: string
  /** Where the decimal point stands: the value is 0.digits × 10^exponent. */
  readonly exponent: number
}

/** Null for text that is no number. `+1`, `.5` and `Infinity` are none, as in JSON. */
export function readDecimal(text: string): Decimal | null {
  const found = NUMBER.exec(text)
  if (found === null) return null
  const [, sign, whole = '', fraction = '', power = '0'] = found
  if (power.replace(/^[+-]?0*/, '').length > EXPONENT_DIGITS_MAX) return null
  const all = whole + fraction
  const leading = all.length - all.replace(/^0+/, '').length
  const digits = all.slice(leading).replace(/0+$/, '')
  if (digits === '') return { negative: false, digits, exponent: 0 }
  return { negative: sign === '-', digits, exponent: whole.length - leading + Number(power) }
}

/** Negative, zero or positive, as for sorting. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.digits === '' || b.digits === '') return signOf(a) - signOf(b)
  if (a.negative !== b.negative) return a.negative ? -1 : 1
  const larger = a.negative ? -1 : 1
  if (a.exponent !== b.exponent) return a.exponent > b.exponent ? larger : -larger
  if (a.digits === b.digits) return 0
  // Digits are aligned at the point, so the order of strings is the order of numbers.
  return a.digits > b.digits ? larger : -larger
}

function signOf({ digits, negative }: Decimal): number {
  if (digits === '') return 0
  return negative ? -1 : 1
}

/** Compares one number with many: made once, asked for every record. Null for what is no number. */
export function decimalComparer(to: string): ((text: string) => number | null) | null {
  const wanted = readDecimal(to)
  if (wanted === null) return null
  const plain = PLAIN.test(to) ? Number(to) : null
  return text => {
    if (plain !== null && text.length <= PLAIN_DIGITS_MAX && PLAIN.test(text))
      return Number(text) - plain
    const given = readDecimal(text)
    return given === null ? null : compareDecimals(given, wanted)
  }
}
