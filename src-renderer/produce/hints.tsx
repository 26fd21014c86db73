/** What a person should know: beside the button what matters before it is pressed, the rest above. */
import type { ProduceState } from './produce-session.ts'
import { Warnings } from './samples.tsx'
import { warningsFor } from './warnings.ts'

export function Hints({ state }: { readonly state: ProduceState }) {
  return <Warnings warnings={found(state).filter(({ tone }) => tone === 'calm')} />
}

export function FootWarnings({ state }: { readonly state: ProduceState }) {
  return <Warnings warnings={found(state).filter(({ tone }) => tone !== 'calm')} />
}

function found({ form, target, samples, byKey }: ProduceState) {
  return target === null ? [] : warningsFor(form, target, samples[0] ?? null, byKey)
}
