/** What can be exported from where one stands: chosen rows, a search's finds, the whole view. */
import { useState } from 'react'
import { useCluster } from '../../../connection/client-context.tsx'
import { useZone } from '../../../ui/format/zone-context.ts'
import { readPlace, type MessagesQuery } from '../query/address.ts'
import { NO_FILTER } from '../query/filter-text.ts'
import { scanInputOf } from '../query/scan-input.ts'
import type { ExportScope, Place } from './export-form.ts'

interface ExportsOptions {
  readonly topic: string
  readonly query: MessagesQuery
  readonly chosen: ReadonlySet<string>
  readonly searchId: string | undefined
}

export function useExports({ topic, query, chosen, searchId }: ExportsOptions) {
  const cluster = useCluster().id
  const zone = useZone()
  const [scopes, setScopes] = useState<readonly ExportScope[] | null>(null)
  /** The chosen rows first, where they are what is meant. */
  const open = (chosenFirst: boolean) => {
    const places = [...chosen].flatMap((key): Place | [] => {
      const place = readPlace(key)
      return place === null ? [] : { ...place, topic: place.topic ?? topic }
    })
    const records: readonly ExportScope[] = places.length === 0 ? [] : [{ type: 'records', places }]
    const scan = scanInputOf(
      { ...query, filter: NO_FILTER },
      { cluster, topic, nowMs: Date.now(), zone },
    )
    const whole: readonly ExportScope[] = [
      ...(searchId === undefined ? [] : [{ type: 'search' as const, searchId }]),
      { type: 'query', scan },
    ]
    setScopes(chosenFirst ? [...records, ...whole] : [...whole, ...records])
  }
  return { scopes, open, close: () => setScopes(null) }
}
