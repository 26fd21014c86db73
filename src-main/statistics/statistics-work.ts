/** One topic's statistics in an inspect worker. */
import type { Client } from '../../engine/client/client.ts'
import type { Handlers, StreamInputOf, StreamSink } from '../contract/define.ts'
import type { Wait } from '../lookups/watch.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { PartitionScan } from '../scan/partition-scan.ts'
import { scanPartitions } from '../scan/scan.ts'
import type { RunningScans } from '../scan/running-scans.ts'
import { ScanReport } from '../scan/scan-report.ts'
import type { statisticsWorkApi } from './statistics-work-api.ts'
import type { StatisticsUpdate } from './statistics-update.ts'
import { StatisticsVisitor } from './statistics-visitor.ts'

const UPDATE_MS = 250
/** Figures are larger than progress, and told less often. */
const UPDATES_PER_FIGURES = 4

interface StatisticsWork {
  readonly client: Client
  readonly input: StreamInputOf<typeof statisticsWorkApi, 'scan.statistics'>
  readonly sink: StreamSink<StatisticsUpdate>
  readonly stop: AbortController
  readonly nowMs: () => number
  readonly wait: Wait
}

export function statisticsWork(
  { scanClientOf, nowMs, wait }: WorkContext,
  running: RunningScans,
): Handlers<typeof statisticsWorkApi> {
  return {
    commands: {},
    streams: {
      'scan.statistics': async (input, sink) =>
        running.run(input.scanId, stop =>
          runStatistics({ client: scanClientOf(input.cluster), input, sink, stop, nowMs, wait }),
        ),
    },
  }
}

async function runStatistics(work: StatisticsWork): Promise<void> {
  const { client, input, sink, stop, nowMs, wait } = work
  const scans = input.ranges.map(range => new PartitionScan(range, input.direction))
  const visitor = new StatisticsVisitor()
  const report = new ScanReport(scans)
  const told = new Map<PartitionScan, number>()
  const emit = (withFigures: boolean) =>
    sink.emit({
      ...report.next(),
      figures: withFigures ? figuresOf(visitor, scans, told) : null,
    })
  const ended = new AbortController()
  const updating = (async () => {
    for (let update = 1; !ended.signal.aborted; update++) {
      await wait(UPDATE_MS, ended.signal)
      if (!ended.signal.aborted && !sink.congested) emit(update % UPDATES_PER_FIGURES === 0)
    }
  })()
  sink.signal.addEventListener('abort', () => stop.abort(), { once: true })
  const committedOnly = input.isolation === 'read_committed'
  const { signal } = stop
  try {
    await scanPartitions({ client, scans, visitor, committedOnly, signal, wait, nowMs })
  } finally {
    ended.abort()
    await updating
  }
  emit(true)
}

function figuresOf(
  visitor: StatisticsVisitor,
  scans: readonly PartitionScan[],
  told: Map<PartitionScan, number>,
): StatisticsUpdate['figures'] {
  let emptyOffsets = 0
  const partitions = scans.flatMap((scan, index) => {
    const tally = visitor.tallyOf(scan)
    const unreadable = scan.unreadableCount
    tally.emptyOffsets = Number(scan.at - scan.start) - scan.records - unreadable
    emptyOffsets += tally.emptyOffsets
    const mark = scan.records + tally.emptyOffsets
    if (told.get(scan) === mark) return []
    told.set(scan, mark)
    return [{ index, statistics: { partition: scan.partition, ...tally.statistics() } }]
  })
  visitor.total.emptyOffsets = emptyOffsets
  return {
    partitions,
    total: visitor.total.state(),
    hours: visitor.hours.state(),
    otherHours: visitor.hours.others,
    byCount: visitor.byCount.state(),
    byBytes: visitor.byBytes.state(),
  }
}
