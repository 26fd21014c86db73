/** Records from a file or pasted text: which of its fields become what, and how it goes. */
import { FileUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format/bytes.ts'
import { useStore } from '../ui/store.ts'
import { CodecAndAcks, PartitionerSelect } from './delivery-fields.tsx'
import { fileSessionOf, type FileSession } from './file-session.ts'
import { MappingFields } from './mapping-fields.tsx'
import { PanelFoot } from './panel-foot.tsx'
import { useWhenWritten } from './use-when-written.ts'
import { ProblemLine } from './problem-line.tsx'
import type { ProduceSession } from './produce-session.ts'
import { RunView } from './run-view.tsx'
import { runStoreOf } from './runs.ts'
import { Samples } from './samples.tsx'

interface FileTabProps {
  readonly session: ProduceSession
  readonly onWritten: () => void
}

export function FileTab({ session, onWritten }: FileTabProps) {
  const { client, cluster, topic } = session
  const { form } = useStore(session)
  const files = fileSessionOf(client, cluster, topic)
  const state = useStore(files)
  const store = runStoreOf(client, cluster, topic, 'file')
  const { run, starting } = useStore(store)
  const [continues, setContinues] = useState(true)
  useEffect(() => void store.find(), [store])
  useWhenWritten(run, onWritten)
  useEffect(() => files.setPartitioner(form.partitioner), [files, form.partitioner])
  const running = starting || (run !== null && run.endedAtMs === null)
  const { file, format, mapping, preview, problem } = state
  const start = () => {
    if (file === null) return
    const { codec, acks, idempotent, partitioner } = form
    void store.start(
      topic,
      cluster,
      { type: 'file', format, mapping, sizeBytes: file.size, rate: null },
      {
        delivery: { codec, acks, partitioner, idempotent: idempotent && acks === 'all' },
        continueAfterErrors: continues,
      },
      file,
    )
  }
  const whyNot = running
    ? t('produce.run.running')
    : file === null
      ? t('produce.file.none')
      : preview === null || preview.samples.length === 0
        ? t('produce.file.noRecord')
        : null
  return (
    <>
      <div className="produce-body">
        <Source files={files} />
        {problem !== null && (
          <ProblemLine
            problem={{ place: { part: 'line', index: null, at: null, length: null }, problem }}
          />
        )}
        {preview !== null && file !== null && (
          <>
            <Table files={files} />
            <MappingFields files={files} columns={preview.columns} />
            {preview.problems.slice(0, 3).map((each, index) => (
              <ProblemLine key={index} problem={each} />
            ))}
            <Samples
              samples={preview.samples}
              title={t('produce.file.samples', { count: preview.samples.length })}
            />
          </>
        )}
        <section className="produce-grid" aria-label={t('produce.delivery')}>
          <span className="produce-label">{t('produce.partitioner')}</span>
          <div className="produce-controls">
            <PartitionerSelect session={session} />
          </div>
          <CodecAndAcks session={session} />
        </section>
      </div>
      <PanelFoot>
        <RunView store={store} sizeBytes={file?.size ?? null} />
        <div className="produce-acts">
          <label className="switch" title={t('produce.continuesHint')}>
            <input
              type="checkbox"
              checked={continues}
              onChange={event => setContinues(event.currentTarget.checked)}
            />
            {t('produce.continues')}
          </label>
          <span className="spacer" />
          <Button kind="primary" whyNot={whyNot} onClick={start}>
            {t('produce.file.send')}
          </Button>
        </div>
      </PanelFoot>
    </>
  )
}

function Source({ files }: { readonly files: FileSession }) {
  const { file, name, pasted, format, preview } = useStore(files)
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <section
      className="produce-source"
      data-over={over || undefined}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        const [dropped] = event.dataTransfer.files
        if (dropped !== undefined) void files.take(dropped)
      }}
    >
      <div className="produce-content-head">
        <Button icon={<FileUp size={14} aria-hidden />} onClick={() => input.current?.click()}>
          {t('produce.file.choose')}
        </Button>
        {file !== null && (
          <span className="clip">
            <span className="mono">{name === '' ? t('produce.file.pasted') : name}</span>{' '}
            <span className="faint">{formatBytes(file.size)}</span>
          </span>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('produce.file.choose')}
          accept=".ndjson,.jsonl,.json,.csv,.tsv,.txt"
          onChange={event => {
            const [chosen] = event.currentTarget.files ?? []
            if (chosen !== undefined) void files.take(chosen)
            event.currentTarget.value = ''
          }}
        />
        <span className="spacer" />
        <select
          className="field"
          aria-label={t('produce.file.format')}
          value={format.type}
          onChange={event =>
            files.setFormat(
              event.currentTarget.value === 'csv'
                ? { type: 'csv', delimiter: null, named: true }
                : { type: 'ndjson' },
            )
          }
        >
          <option value="ndjson">NDJSON</option>
          <option value="csv">CSV</option>
        </select>
      </div>
      {(file === null || name === '') && (
        <textarea
          className="field mono produce-text"
          rows={file === null ? 5 : 4}
          aria-label={t('produce.file.paste')}
          placeholder={t('produce.file.pastePlaceholder')}
          value={pasted}
          spellCheck={false}
          onChange={event => files.paste(event.currentTarget.value)}
        />
      )}
      {format.type === 'csv' && file !== null && (
        <div className="produce-content-head">
          <label className="switch">
            <input
              type="checkbox"
              checked={format.named}
              onChange={event => files.setFormat({ ...format, named: event.currentTarget.checked })}
            />
            {t('produce.file.named')}
          </label>
          <span className="spacer" />
          <label className="produce-inline">
            <span className="faint">{t('produce.file.delimiter')}</span>
            <select
              className="field"
              value={format.delimiter ?? ''}
              onChange={event =>
                files.setFormat({ ...format, delimiter: event.currentTarget.value || null })
              }
            >
              <option value="">
                {t('produce.file.found', {
                  delimiter: preview?.delimiter === '\t' ? 'tab' : (preview?.delimiter ?? ''),
                })}
              </option>
              <option value=",">,</option>
              <option value=";">;</option>
              <option value={'\t'}>tab</option>
              <option value="|">|</option>
            </select>
          </label>
        </div>
      )}
    </section>
  )
}

/** The first rows, so that one sees which column is which. */
function Table({ files }: { readonly files: FileSession }) {
  const { preview } = useStore(files)
  if (preview === null || preview.columns.length === 0) return null
  return (
    <div className="produce-table" tabIndex={0} role="region" aria-label={t('produce.file.rows')}>
      <table>
        <thead>
          <tr>
            {preview.columns.map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className="mono">
                  {cell ?? <span className="faint">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
