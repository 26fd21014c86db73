/** Bytes laid out by hand: hex digits, with blanks and line ends wherever they help the eye. */
export function hex(...parts: readonly string[]): Uint8Array {
  const digits = parts.join('').replaceAll(/\s/g, '')
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new TypeError(`${digits} is no hex`)
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

/** The hex of a text in UTF-8. */
export function text(value: string): string {
  return Buffer.from(value).toString('hex')
}

/** The hex of bytes, to compare with. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
