/**
 * A link inside a table row. The router's own keeps watch on every change of address, which is too
 * much for hundreds of rows a second; this is an anchor, and the browser tells the router.
 */
import type { ReactNode } from 'react'

interface RowLinkProps {
  /** The segments of the path; each is encoded here. */
  readonly path: readonly string[]
  readonly search?: string
  readonly title?: string
  readonly children: ReactNode
}

export function RowLink({ path, search = '', title, children }: RowLinkProps) {
  return (
    <a href={hrefOf(path, search)} className="clip name-link" title={title} tabIndex={-1}>
      {children}
    </a>
  )
}

export function hrefOf(path: readonly string[], search: string): string {
  return `#/${path.map(encodeURIComponent).join('/')}${search}`
}
