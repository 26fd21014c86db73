import { useMemo, useState } from 'react'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { clientLines } from './client-lines.ts'

export function ConnectPanel({ bootstrap }: { readonly bootstrap: string }) {
  const lines = useMemo(() => clientLines(bootstrap), [bootstrap])
  const [chosen, setChosen] = useState<(typeof lines)[number]['id']>('kcat')
  const text = lines.find(({ id }) => id === chosen)?.text ?? ''
  return (
    <section className="connect" aria-label={t('overview.connect')}>
      <div className="connect-bar">
        <h2 className="section-title">{t('overview.connect')}</h2>
        <span className="connect-address mono">
          {bootstrap}
          <CopyButton text={bootstrap} label={t('status.copyBootstrap')} />
        </span>
        <span className="spacer" />
        <div className="segments" role="tablist" aria-label={t('overview.client')}>
          {lines.map(({ id }) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={id === chosen}
              onClick={() => setChosen(id)}
            >
              {t(`overview.clients.${id}`)}
            </button>
          ))}
        </div>
        <Button onClick={() => void copyText(text)}>{t('copy.copy')}</Button>
      </div>
      <pre className="connect-code mono">{text}</pre>
    </section>
  )
}
