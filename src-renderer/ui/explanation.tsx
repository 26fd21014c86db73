/** A sentence in which names stand between backquotes, as in `retention.ms`. */
export function Explanation({ text }: { readonly text: string }) {
  return text.split('`').map((part, place) =>
    // The parts of a sentence never change their places.
    place % 2 === 1 ? (
      <code key={place} className="mono">
        {part}
      </code>
    ) : (
      part
    ),
  )
}
