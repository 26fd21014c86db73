/**
 * Words. Every string a person reads goes through `t`, whose keys the compiler knows. Translators
 * edit the JSON files of their language; what one lacks is said in English.
 */
import i18next from 'i18next'
import { en } from './en.ts'
import { chosenLanguage } from './languages.ts'
import { pt } from './pt.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
    returnNull: false
  }
}

void i18next.init({
  lng: chosenLanguage(),
  fallbackLng: 'en',
  resources: { en: { translation: en }, pt: { translation: pt } },
  interpolation: { escapeValue: false },
  initAsync: false,
})
document.documentElement.lang = i18next.language

export const t = i18next.t.bind(i18next)
