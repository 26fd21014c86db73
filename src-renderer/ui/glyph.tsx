/** States as a glyph, a colour and a word: never by colour alone, and the same on every page. */
import { Tooltip } from '@mantine/core'
import { t } from '../i18n/i18n.ts'
import { brokerHue } from './broker-hue.ts'

const GLYPHS = {
  leader: '◆',
  inSync: '●',
  catchingUp: '◐',
  outOfSync: '○',
  offline: '✕',
  fenced: '⊘',
  paused: '‖',
  unknown: '?',
} as const

export type GlyphState = keyof typeof GLYPHS

interface GlyphProps {
  readonly state: GlyphState
  /** Said in the tooltip; the state's own words when not given. */
  readonly explanation?: string
  readonly colour?: string
}

export function Glyph({ state, explanation, colour = COLOURS[state] }: GlyphProps) {
  const said = explanation ?? t(`glyph.${state}`)
  return (
    <Tooltip label={said}>
      <span className="glyph" role="img" aria-label={said} style={{ color: colour }}>
        {GLYPHS[state]}
      </span>
    </Tooltip>
  )
}

const COLOURS: Readonly<Record<GlyphState, string>> = {
  leader: 'var(--text)',
  inSync: 'var(--good)',
  catchingUp: 'var(--warn)',
  outOfSync: 'var(--bad)',
  offline: 'var(--bad)',
  fenced: 'var(--warn)',
  paused: 'var(--text-quiet)',
  unknown: 'var(--text-faint)',
}

/** A broker's number on its hue. */
export function BrokerMark({ id }: { readonly id: number }) {
  const { colour, patterned } = brokerHue(id)
  return (
    <span
      className="broker-mark"
      data-patterned={patterned || undefined}
      style={{ '--hue': colour } as React.CSSProperties}
    >
      {id}
    </span>
  )
}
