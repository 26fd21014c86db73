/** A partition in a cell: a long topic is cut, its partition never. */
interface PlaceNameProps {
  readonly row: { readonly topic: string; readonly partition: number }
}

export function PlaceName({ row: { topic, partition } }: PlaceNameProps) {
  return (
    <span className="lab-place">
      <span className="lab-row-topic clip">{topic}</span>
      <span className="faint mono">·{partition}</span>
    </span>
  )
}
