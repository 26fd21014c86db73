import { Copy } from 'lucide-react'
import { t } from '../i18n/i18n.ts'
import { copyText } from './copy-text.ts'

interface CopyButtonProps {
  readonly text: string
  /** What is copied, for the tooltip: "Copy address". */
  readonly label?: string
}

export function CopyButton({ text, label = t('copy.copy') }: CopyButtonProps) {
  return (
    <button
      type="button"
      className="copy-button"
      aria-label={label}
      title={label}
      onClick={event => {
        event.stopPropagation()
        void copyText(text)
      }}
    >
      <Copy size={13} aria-hidden />
    </button>
  )
}
