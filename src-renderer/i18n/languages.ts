/** Which languages there are, and which one the reader has chosen. */

/** Each in its own words. */
export const LANGUAGES = { en: 'English', pt: 'Português' } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'odradek.language'

/** The reader's choice, else the first language of the browser that we speak, else English. */
export function chosenLanguage(
  storage: Pick<Storage, 'getItem'> = localStorage,
  spoken: readonly string[] = navigator.languages,
): Language {
  const wished = [storage.getItem(KEY), ...spoken]
  for (const wish of wished) {
    const language = wish?.split('-')[0]
    if (isLanguage(language)) return language
  }
  return 'en'
}

/** Loads the page anew: words that stand in tables and menus were said when it was loaded. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language)
  location.reload()
}

function isLanguage(text: string | undefined): text is Language {
  return text !== undefined && Object.hasOwn(LANGUAGES, text)
}
