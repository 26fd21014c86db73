/** Warnings in words, with the names of the configurations that they are about. */
import { TriangleAlert } from 'lucide-react'
import { t } from '../../i18n/i18n.ts'
import { Explanation } from '../explanation.tsx'
import type { Warning } from './warnings.ts'

export function WarningList({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null
  return (
    <ul className="configuration-warnings" aria-label={t('configuration.warnings')}>
      {warnings.map(({ kind, name, values }) => (
        <li key={`${kind} ${name}`}>
          <TriangleAlert size={14} aria-hidden />
          <span>
            <Explanation text={t(`configuration.warning.${kind}`, values)} />
          </span>
        </li>
      ))}
    </ul>
  )
}
