/** Joins the zone in the address, the reader's preference, and the context that moments read. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { createContext, use, type ReactNode } from 'react'
import type { Zone } from '../ui/format/time.ts'
import { ZoneContext } from '../ui/format/zone-context.ts'
import { useStore } from '../ui/store.ts'
import { ZonePreference } from './preferences.ts'

const PreferenceContext = createContext(new ZonePreference(localStorage))

export function ZoneProvider({ children }: { readonly children: ReactNode }) {
  const { tz } = useSearch({ from: '__root__' })
  const preferred = useStore(use(PreferenceContext))
  return <ZoneContext value={tz ?? preferred}>{children}</ZoneContext>
}

/** Chooses a zone for this reader; a zone that came with a link is given up. */
export function useChooseZone(): (zone: Zone) => void {
  const preference = use(PreferenceContext)
  const navigate = useNavigate()
  return zone => {
    preference.choose(zone)
    void navigate({ to: '.', search: before => ({ ...before, tz: undefined }), replace: true })
  }
}
