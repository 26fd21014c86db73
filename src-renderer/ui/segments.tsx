/** One of a few choices that are all in sight. */

export interface SegmentsProps<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly value: T
  readonly word: (option: T) => string
  readonly onChange: (option: T) => void
  /** Why one cannot be chosen now; null where it can. */
  readonly whyNot?: (option: T) => string | null
}

export function Segments<T extends string>(props: SegmentsProps<T>) {
  const { label, options, value, word, onChange, whyNot } = props
  return (
    <span className="segments" role="radiogroup" aria-label={label}>
      {options.map(option => {
        const reason = whyNot?.(option) ?? null
        return (
          <button
            key={option}
            type="button"
            role="radio"
            aria-checked={option === value}
            disabled={reason !== null}
            title={reason ?? undefined}
            onClick={() => onChange(option)}
          >
            {word(option)}
          </button>
        )
      })}
    </span>
  )
}
