/** The zone that moments are shown in, chosen once for the whole application. */
import { createContext, use } from 'react'
import type { Zone } from './time.ts'

export const ZoneContext = createContext<Zone>('local')

export function useZone(): Zone {
  return use(ZoneContext)
}
