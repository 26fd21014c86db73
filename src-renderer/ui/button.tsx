import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'primary' | 'danger' | 'quiet'
  readonly icon?: ReactNode
  /** Why it cannot be used now. It stays reachable, so that the reason can be read. */
  readonly whyNot?: string | null
}

export function Button(props: ButtonProps) {
  const { kind, icon, whyNot, children, onClick, title, className, ...rest } = props
  const blocked = typeof whyNot === 'string'
  return (
    <button
      type="button"
      // Whoever opens a menu from it brings class names of its own.
      className={className ? `button ${className}` : 'button'}
      data-kind={kind}
      data-icon={children === undefined ? 'only' : undefined}
      aria-disabled={blocked || undefined}
      title={blocked ? whyNot : title}
      onClick={blocked ? event => event.preventDefault() : onClick}
      {...rest}
    >
      {icon}
      {children}
    </button>
  )
}
