/** Records as a file: what, how, and where to; then how far it is. */
import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useClient, useCluster, useHeld } from '../../../connection/client-context.tsx'
import { t } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { useStore } from '../../../ui/store.ts'
import { ExportFields } from './export-fields.tsx'
import {
  downloadUrl,
  exportInputOf,
  fileNameProblem,
  FIRST_FORM,
  type ExportContext,
  type ExportForm,
  type ExportScope,
} from './export-form.ts'
import { ExportProgress } from './export-progress.tsx'
import { ExportRun } from './export-run.ts'

/** A window of the application keeps no downloads of its own. */
const IN_WINDOW = navigator.userAgent.includes('Electron/')

interface ExportDialogProps {
  /** What can be exported, the first chosen; null while the dialog is shut. */
  readonly scopes: readonly ExportScope[] | null
  readonly decoders: ExportContext['decoders']
  readonly onClose: () => void
}

export function ExportDialog({ scopes, decoders, onClose }: ExportDialogProps) {
  return (
    <Modal
      opened={scopes !== null}
      onClose={onClose}
      title={t('export.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('export.close') }}
    >
      {scopes !== null && <Body scopes={scopes} decoders={decoders} onClose={onClose} />}
    </Modal>
  )
}

interface BodyProps extends ExportDialogProps {
  readonly scopes: readonly ExportScope[]
}

function Body({ scopes, decoders, onClose }: BodyProps) {
  const client = useClient()
  const cluster = useCluster().id
  const run = useHeld(() => new ExportRun(client), cluster)
  const { starting, summary, problem } = useStore(run)
  const [place, setPlace] = useState(0)
  const [form, setForm] = useState<ExportForm>({
    ...FIRST_FORM,
    target: IN_WINDOW ? 'file' : 'download',
  })
  const scope = scopes[place]
  if (scope === undefined) return null
  if (summary !== null)
    return <ExportProgress run={run} summary={summary} problem={problem} onClose={onClose} />
  const start = async () => {
    const path = await run.start(exportInputOf(form, scope, { cluster, decoders }))
    if (path !== null) fetchDownload(downloadUrl(path, location))
  }
  const nameProblem = fileNameProblem(form.fileName)
  return (
    <form
      className="export"
      onSubmit={event => {
        event.preventDefault()
        if (nameProblem === null && !starting) void start()
      }}
    >
      <ExportFields
        scopes={scopes}
        place={place}
        onPlace={setPlace}
        form={form}
        onForm={setForm}
        canDownload={!IN_WINDOW}
      />
      {problem !== null && (
        <p className="bad" role="alert">
          {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button
          kind="primary"
          type="submit"
          whyNot={
            nameProblem !== null
              ? t(`export.name.${nameProblem}`)
              : starting
                ? t('confirm.busy')
                : null
          }
        >
          {t('export.start')}
        </Button>
      </div>
    </form>
  )
}

function fetchDownload(href: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}
