/** Text as stored, wrapped. Long text is drawn in blocks, so that only the visible ones are laid out. */
import { useMemo } from 'react'
import './value.css'

const BLOCK_CHARS = 32_768

export function TextView({ text }: { readonly text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text])
  return (
    <div className="text-view mono" tabIndex={0} dir="auto">
      {blocks.map((block, place) => (
        // Blocks of one text never change their places.
        <pre key={place}>{block}</pre>
      ))}
    </div>
  )
}

/** Cuts at line ends where there are some, and never inside a surrogate pair. */
export function blocksOf(text: string): readonly string[] {
  const blocks: string[] = []
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + BLOCK_CHARS, text.length)
    if (to < text.length) {
      const line = text.lastIndexOf('\n', to)
      if (line > from) to = line + 1
      else if ((text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to -= 1
    }
    blocks.push(text.slice(from, to))
    from = to
  }
  return blocks
}
