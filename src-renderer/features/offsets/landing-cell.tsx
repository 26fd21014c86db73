/** The record that a consumer would read first, in one line: when, key, value. */
import type {
  LandedValue,
  LandingRecord,
  OffsetPlanRow,
} from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Moment } from '../../ui/moment.tsx'
import { landsOn } from './landing-records.ts'

interface LandingCellProps {
  readonly row: OffsetPlanRow
  /** Undefined while it is on its way. */
  readonly landing: LandingRecord | undefined
}

export function LandingCell({ row, landing: found }: LandingCellProps) {
  const problem = row.problem === null ? null : sayProblem(row.problem)
  // Why nothing is done about it takes the room of what would be read.
  if (problem !== null)
    return (
      <span className="bad" title={`${problem.code}: ${problem.message}`}>
        {problem.message}
      </span>
    )
  const where = landsOn(row)
  if (where === 'nothing')
    return row.action === 'delete' ? (
      <span className="faint">{t('offsets.landing.resetPolicy')}</span>
    ) : null
  if (where === 'end') return <span className="faint">{t('offsets.landing.end')}</span>
  if (where === 'below') return <span className="faint">{t('offsets.landing.below')}</span>
  if (found === undefined) return null
  const { landing, offset } = found
  switch (landing.type) {
    case 'end':
      return <span className="faint">{t('offsets.landing.end')}</span>
    case 'far':
      return <span className="faint">{t('offsets.landing.far')}</span>
    case 'problem':
      return <span className="bad">{sayProblem(landing.problem).message}</span>
    case 'record':
      return (
        <span className="lab-landing">
          {landing.offset !== offset && (
            <span className="tag" title={t('offsets.landing.gapHint')}>
              {t('offsets.landing.gap', { offset: landing.offset.toString() })}
            </span>
          )}
          <span className="quiet">
            <Moment timestampMs={landing.timestampMs} />
          </span>
          <Landed value={landing.key} nullWord={t('offsets.landing.noKey')} dim />
          <Landed value={landing.value} nullWord={t('offsets.landing.tombstone')} />
        </span>
      )
  }
}

interface LandedProps {
  readonly value: LandedValue
  readonly nullWord: string
  readonly dim?: boolean
}

function Landed({ value, nullWord, dim }: LandedProps) {
  if (value.form === 'null') return <span className="absent">{nullWord}</span>
  if (value.decoder === 'empty') return <span className="absent">{t('value.empty')}</span>
  return (
    <bdi className={dim === true ? 'mono lab-key' : 'mono'} dir="auto" title={value.text}>
      {value.text}
      {value.truncated && '…'}
    </bdi>
  )
}
