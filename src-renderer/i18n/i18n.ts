/**
 * Words. Every string a person reads goes through `t`, whose keys the compiler knows. Translators
 * edit the JSON files of their language, and a test holds that none lacks a word.
 */
import i18next from 'i18next'
import { en } from './en.ts'
import { formatCount } from '../ui/format/number.ts'
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
// Numbers in sentences look like those in tables, whatever the language.
i18next.services.formatter?.add('number', value => formatCount(value as number))
document.documentElement.lang = i18next.language

export const t = i18next.t.bind(i18next)
