/** Stored values as a person says them, on one line. */
import type { ConfigurationEntry } from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { formatCount } from '../format/number.ts'
import { hasUnit, isNever, writeAmount } from './amount.ts'

/** `7 d`, `1,048,588 bytes`, `no limit`, `empty`. */
export function sayValue(
  { unit, type }: Pick<ConfigurationEntry, 'unit' | 'type'>,
  value: string,
): string {
  if (value === '') return type === 'list' ? t('configuration.emptyList') : t('value.empty')
  if (!hasUnit(unit) || !/^-?\d+$/.test(value)) return value
  if (value === '-1') return t('configuration.noLimit')
  if (isNever(value)) return t('configuration.never')
  const written = writeAmount(value, unit)
  if (written !== value) return written
  return `${formatCount(BigInt(value))} ${unit === 'ms' ? 'ms' : t('configuration.bytes')}`
}
