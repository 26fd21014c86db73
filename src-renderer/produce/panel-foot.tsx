/** What stays in sight under a tab of the panel: how it went, and the button. */
import type { ReactNode } from 'react'

export function PanelFoot({ children }: { readonly children: ReactNode }) {
  return <footer className="produce-foot">{children}</footer>
}
