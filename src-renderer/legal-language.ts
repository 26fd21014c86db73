/**
 * Under the POSIX locale Chromium calls its language `en-US@posix`, which `Intl` refuses, and a
 * library that asks for a number format while it loads would take the whole page with it. Imported
 * first, so that this is put right before anything asks.
 */

try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  // Waits for the RangeError of a tag that is none.
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
  Object.defineProperty(navigator, 'languages', { value: ['en-US'], configurable: true })
}
