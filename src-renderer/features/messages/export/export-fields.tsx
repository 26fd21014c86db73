/** The fields of an export. Those that say nothing for a format are not shown. */
import { t } from '../../../i18n/i18n.ts'
import { formatCount } from '../../../ui/format/number.ts'
import { Segments, type SegmentsProps } from '../../../ui/segments.tsx'
import { FORMATS, SEPARATORS, type ExportForm, type ExportScope } from './export-form.ts'

interface ExportFieldsProps {
  readonly scopes: readonly ExportScope[]
  readonly place: number
  readonly onPlace: (place: number) => void
  readonly form: ExportForm
  readonly onForm: (form: ExportForm) => void
  readonly canDownload: boolean
}

export function ExportFields(props: ExportFieldsProps) {
  const { scopes, place, onPlace, form, onForm, canDownload } = props
  const set = (change: Partial<ExportForm>) => onForm({ ...form, ...change })
  const raw = form.format === 'raw'
  return (
    <>
      {scopes.length > 1 ? (
        <fieldset className="export-choice">
          <legend className="section-title">{t('export.what')}</legend>
          {scopes.map((scope, index) => (
            <label key={scope.type} className="switch">
              <input
                type="radio"
                name="scope"
                checked={index === place}
                onChange={() => onPlace(index)}
              />
              {scopeText(scope)}
            </label>
          ))}
        </fieldset>
      ) : (
        scopes[0] !== undefined && <p>{scopeText(scopes[0])}</p>
      )}
      <Choice
        label={t('export.format')}
        options={FORMATS}
        value={form.format}
        word={format => t(`export.formats.${format}`)}
        onChange={format => set({ format })}
      />
      <p className="faint small">{t(`export.formatHint.${form.format}`)}</p>
      {raw ? (
        <Choice
          label={t('export.separator')}
          options={SEPARATORS}
          value={form.separator}
          word={separator => t(`export.separators.${separator}`)}
          onChange={separator => set({ separator })}
        />
      ) : (
        <>
          <div className="export-row">
            <label className="switch">
              <input
                type="checkbox"
                checked={form.metadata}
                onChange={event => set({ metadata: event.currentTarget.checked })}
              />
              {t('export.metadata')}
            </label>
            <label className="switch">
              <input
                type="checkbox"
                checked={form.headers}
                onChange={event => set({ headers: event.currentTarget.checked })}
              />
              {t('export.headers')}
            </label>
          </div>
          <Choice
            label={t('export.content')}
            options={['decoded', 'base64'] as const}
            value={form.content}
            word={content => t(`export.contents.${content}`)}
            onChange={content => set({ content })}
          />
        </>
      )}
      {canDownload && (
        <Choice
          label={t('export.target')}
          options={['download', 'file'] as const}
          value={form.target}
          word={target => t(`export.targets.${target}`)}
          onChange={target => set({ target })}
        />
      )}
      <div className="export-row">
        <label className="choice-form-label">
          {t('export.fileName')}
          <input
            className="field"
            value={form.fileName}
            placeholder={t('export.fileNameNone')}
            spellCheck={false}
            onChange={event => set({ fileName: event.currentTarget.value })}
          />
        </label>
        {form.target === 'file' && (
          <label className="choice-form-label">
            {t('export.folder')}
            <input
              className="field"
              value={form.folder}
              placeholder={t('export.folderNone')}
              spellCheck={false}
              onChange={event => set({ folder: event.currentTarget.value })}
            />
          </label>
        )}
      </div>
    </>
  )
}

function scopeText(scope: ExportScope): string {
  if (scope.type !== 'records') return t(`export.scope.${scope.type}`)
  const count = scope.places.length
  return t('export.scope.records', { count, formatted: formatCount(count) })
}

function Choice<T extends string>(props: SegmentsProps<T>) {
  return (
    <div className="export-choice">
      <span className="section-title">{props.label}</span>
      <Segments {...props} />
    </div>
  )
}
