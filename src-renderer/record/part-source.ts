/** The bytes of a part of the record that is shown, fetched where one looks at them. */
import { useMemo } from 'react'
import type { BytesPreview } from '../../src-main/contract/model/record.ts'
import type { InputOf } from '../../src-main/contract/define.ts'
import type { ApplicationApi } from '../../src-main/contract/api.ts'
import { useClient, useCluster } from '../connection/client-context.tsx'
import { HeldBytes, RangedBytes, type ByteSource } from '../ui/value/byte-source.ts'
import type { RecordPlace } from './panel-view.ts'

type BytesPart = InputOf<ApplicationApi, 'record.bytes'>['part']

const NO_BYTES = new HeldBytes(new Uint8Array(0))

export function usePartSource(
  place: RecordPlace,
  part: BytesPart,
  preview: BytesPreview | null,
): ByteSource {
  const client = useClient()
  const { id: cluster } = useCluster()
  const name = JSON.stringify(part)
  return useMemo(() => {
    if (preview === null) return NO_BYTES
    if (preview.bytes.length >= preview.sizeBytes) return new HeldBytes(preview.bytes)
    return new RangedBytes({
      sizeBytes: preview.sizeBytes,
      first: preview.bytes,
      fetch: async (from, length) => {
        const input = { cluster, ...place, part: JSON.parse(name) as BytesPart, from, length }
        return (await client.call('record.bytes', input)).bytes
      },
    })
  }, [client, cluster, place, name, preview])
}
