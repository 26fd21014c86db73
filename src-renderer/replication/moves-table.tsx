/** A table inside of a dialog: what a change will do or has done, line by line; it scrolls by itself. */
import type { ReactNode } from 'react'

interface MovesTableProps {
  readonly label: string
  readonly columns: readonly { readonly title: string; readonly number?: true }[]
  /** Its rows. */
  readonly children: ReactNode
  /** Of the rows that are left out. */
  readonly more?: string | null
}

export function MovesTable({ label, columns, children, more = null }: MovesTableProps) {
  return (
    <div className="moves" tabIndex={0} role="region" aria-label={label}>
      <table className="review-table">
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" className={number === true ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {more !== null && <p className="faint">{more}</p>}
    </div>
  )
}
