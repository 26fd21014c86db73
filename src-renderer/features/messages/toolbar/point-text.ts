/** Places in a topic, in words. */
import { t } from '../../../i18n/i18n.ts'
import { formatDuration } from '../../../ui/format/duration.ts'
import { formatCount } from '../../../ui/format/number.ts'
import { formatTimestamp, type Zone } from '../../../ui/format/time.ts'
import type { From, Moment, Until } from '../query/range.ts'

export function pointText(point: From | Until, zone: Zone): string {
  switch (point.type) {
    case 'offset':
      return t('point.atOffset', { offset: point.offset.toString() })
    case 'offsets':
      return t('point.atOffsets', { count: point.offsets.length })
    case 'count':
      return t('point.records', { count: point.count, formatted: formatCount(point.count) })
    case 'group':
      return t('point.atGroup', { group: point.group })
    case 'timestamp':
    case 'ago':
    case 'day':
      return momentText(point, zone)
    default:
      return t(`point.${point.type}`)
  }
}

export function momentText(moment: Moment, zone: Zone): string {
  switch (moment.type) {
    case 'timestamp':
      return formatTimestamp(moment.timestampMs, zone).replace(/(:00)?\.000$/, '')
    case 'ago':
      return t('point.ago', { span: formatDuration(moment.spanMs) })
    case 'day':
      return t(`point.${moment.day}`)
  }
}
