/** A filter in words, for tabs, histories and tooltips. */
import type { RecordFilter } from '../../../../src-main/contract/model/search.ts'
import { t } from '../../../i18n/i18n.ts'
import { writeCondition } from '../query/condition-text.ts'
import { recordFilterOf, type PageFilter } from '../query/filter-text.ts'

export function filterWords(filter: RecordFilter): string {
  const { text, conditions = [], expression, key, values } = filter
  const parts = [
    ...(text === undefined
      ? []
      : [text.mode === 'regex' ? `/${text.needle}/` : `“${text.needle}”`]),
    ...conditions.map(writeCondition),
    ...(expression === undefined ? [] : [expression]),
    ...(key === undefined ? [] : [t('filterBar.keyWords', { key: keyText(key.bytes) })]),
    ...(values === undefined ? [] : [t(`filterBar.values.${values}`)]),
  ]
  return parts.length === 0 ? t('filterBar.everything') : parts.join(' · ')
}

export function pageFilterWords(filter: PageFilter): string {
  return filterWords(recordFilterOf(filter))
}

/** As text where it is text, else as hexadecimal pairs. */
export function keyText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (/^\P{Cc}*$/u.test(text)) return text
  } catch {
    // Waits for bytes that are not UTF-8, which is an answer and not a failure.
  }
  return hexText(bytes)
}

export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')
}
