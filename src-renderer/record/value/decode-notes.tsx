/** What is to be said about a reading: guesses, headers, what it may be instead, and why not. */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { DecodedPart, DecoderChoice } from '../../../src-main/contract/model/decode.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { DECODE_BYTES_MAX } from '../../../src-main/contract/api/decode.ts'

interface DecodeNotesProps {
  readonly part: DecodedPart
  readonly loading: boolean
  readonly onDecodeAll?: (() => void) | undefined
  readonly onChoice: (choice: DecoderChoice) => void
}

export function DecodeNotes({ part, loading, onDecodeAll, onChoice }: DecodeNotesProps) {
  const { decoded, sizeBytes, decodedBytes } = part
  const partial = decodedBytes < sizeBytes
  return (
    <>
      {partial && (
        <div className="value-partial">
          <span>
            {t('part.partial', { shown: formatBytes(decodedBytes), all: formatBytes(sizeBytes) })}
          </span>
          {onDecodeAll !== undefined && (
            <Button kind="quiet" onClick={onDecodeAll} whyNot={whyNotAll(loading, part)}>
              {t('part.decodeAll')}
            </Button>
          )}
        </div>
      )}
      {decoded.form === 'bytes' && <Undecoded part={part} onChoice={onChoice} />}
      {decoded.form !== 'bytes' && decoded.notes.length > 0 && (
        <Notes notes={partial ? decoded.notes.slice(0, -1) : decoded.notes} />
      )}
    </>
  )
}

function whyNotAll(loading: boolean, { sizeBytes, decodedBytes }: DecodedPart): string | null {
  if (loading) return t('part.decoding')
  return decodedBytes >= DECODE_BYTES_MAX && sizeBytes > DECODE_BYTES_MAX
    ? t('part.tooLarge', { most: formatBytes(DECODE_BYTES_MAX) })
    : null
}

/** The first in view, the others on demand: guesses can be many. */
function Notes({ notes }: { readonly notes: readonly string[] }) {
  const [opened, setOpened] = useState(false)
  const [first, ...more] = notes
  if (first === undefined) return null
  return (
    <div className="value-notes">
      <p>
        {sentence(first)}
        {more.length > 0 && (
          <button
            type="button"
            className="value-more"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <ChevronRight size={12} aria-hidden style={{ rotate: opened ? '90deg' : '0deg' }} />
            {t('part.moreNotes', { count: more.length })}
          </button>
        )}
      </p>
      {opened && (
        <ul>
          {more.map(note => (
            <li key={note}>{sentence(note)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Bytes that nothing fits: what they are known to be, what they may be, and why nothing fits. */
function Undecoded({ part, onChoice }: Pick<DecodeNotesProps, 'part' | 'onChoice'>) {
  const { notes, candidates, failures } = part.decoded
  const [opened, setOpened] = useState(false)
  return (
    <div className="value-undecoded">
      <p className="value-undecoded-title">
        {notes.length > 0 ? notes.map(sentence).join(' ') : t('part.undecoded')}
      </p>
      {candidates.length > 0 && (
        <dl className="value-candidates" aria-label={t('part.mayBe')}>
          {candidates.map(({ decoder, text }) => (
            <div key={decoder}>
              <dt>
                <button type="button" className="value-more" onClick={() => onChoice(decoder)}>
                  {t('part.mayBeA', { name: t(`decoder.${decoder}`) })}
                </button>
              </dt>
              <dd className="mono copyable">
                <span className="clip">{text}</span>
                <CopyButton text={text} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {failures.length > 0 && (
        <>
          <button
            type="button"
            className="value-more"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <ChevronRight size={12} aria-hidden style={{ rotate: opened ? '90deg' : '0deg' }} />
            {t('part.whyNot', { count: failures.length })}
          </button>
          {opened && (
            <dl className="value-failures">
              {failures.map(({ decoder, reason, atByte }) => (
                <div key={decoder}>
                  <dt>{t(`decoder.${decoder}`)}</dt>
                  <dd>
                    {reason}
                    {atByte !== null && (
                      <span className="faint"> {t('part.atByte', { at: atByte })}</span>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </>
      )}
    </div>
  )
}

function sentence(note: string): string {
  const text = note.charAt(0).toUpperCase() + note.slice(1)
  return /[.:]$/.test(text) ? text : `${text}.`
}
