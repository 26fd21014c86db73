/** A file with offsets: chosen, dropped, or pasted. */
import { useRef, useState } from 'react'
import { OFFSETS_FILE_CHARS_MAX } from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format/number.ts'

export interface ChosenFile {
  readonly name: string
  readonly text: string
}

interface FileFieldProps {
  readonly file: ChosenFile | null
  readonly onFile: (file: ChosenFile) => void
}

export function FileField({ file, onFile }: FileFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [tooLong, setTooLong] = useState<string | null>(null)
  const take = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    const fits = chosen.size <= OFFSETS_FILE_CHARS_MAX
    setTooLong(fits ? null : chosen.name)
    if (fits) onFile({ name: chosen.name, text: await chosen.text() })
  }
  return (
    <div
      className="lab-value lab-file"
      data-over={over || undefined}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        void take(event.dataTransfer.files[0])
      }}
      onPaste={event => {
        const text = event.clipboardData.getData('text/plain')
        if (text !== '') onFile({ name: t('offsets.file.pasted'), text })
      }}
    >
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.json,.txt,text/csv,application/json"
        aria-label={t('offsets.file.choose')}
        onChange={event => {
          void take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      <Button onClick={() => input.current?.click()}>
        {file === null ? t('offsets.file.choose') : t('offsets.file.other')}
      </Button>
      {tooLong !== null ? (
        <span className="small bad">{t('offsets.file.tooLong', { name: tooLong })}</span>
      ) : file === null ? (
        <span className="small faint">{t('offsets.file.hint')}</span>
      ) : (
        <span className="small quiet clip" title={file.name}>
          {file.name} ·{' '}
          {t('offsets.file.lines', { count: linesOf(file), formatted: formatCount(linesOf(file)) })}
        </span>
      )}
    </div>
  )
}

function linesOf({ text }: ChosenFile): number {
  return text.split('\n').filter(line => line.trim() !== '').length
}
