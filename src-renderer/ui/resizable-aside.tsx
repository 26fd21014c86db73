/** A panel at the right whose width its reader chooses, by hand or with ← →. */
import { useState, type PointerEvent, type ReactNode } from 'react'

const WIDTH_FIRST_PX = 400
const WIDTH_MIN_PX = 280
const WIDTH_MAX_PX = 1_200
const STEP_PX = 24

interface ResizableAsideProps {
  readonly id: string
  readonly label: string
  /** Until its reader chooses another. */
  readonly widthPx?: number
  readonly children: ReactNode
}

export function ResizableAside(props: ResizableAsideProps) {
  const { id, label, widthPx = WIDTH_FIRST_PX, children } = props
  const key = `odradek.aside.${id}`
  const [width, setWidth] = useState(() => legal(Number(localStorage.getItem(key) ?? widthPx)))
  const resize = (next: number) => {
    setWidth(legal(next))
    localStorage.setItem(key, String(legal(next)))
  }
  const drag = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    const handle = event.currentTarget
    const startX = event.clientX
    handle.setPointerCapture(event.pointerId)
    const move = (next: globalThis.PointerEvent) => resize(width + startX - next.clientX)
    const stop = () => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('lostpointercapture', stop)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', stop)
  }
  return (
    <div className="aside" style={{ width: `min(${width}px, 70%)` }}>
      <div
        className="aside-handle"
        role="separator"
        aria-orientation="vertical"
        aria-label={label}
        aria-valuenow={width}
        aria-valuemin={WIDTH_MIN_PX}
        aria-valuemax={WIDTH_MAX_PX}
        tabIndex={0}
        onPointerDown={drag}
        onDoubleClick={() => resize(widthPx)}
        onKeyDown={event => {
          if (event.key === 'ArrowLeft') resize(width + STEP_PX)
          else if (event.key === 'ArrowRight') resize(width - STEP_PX)
        }}
      />
      {children}
    </div>
  )
}

function legal(width: number): number {
  if (!Number.isFinite(width)) return WIDTH_FIRST_PX
  return Math.min(Math.max(width, WIDTH_MIN_PX), WIDTH_MAX_PX)
}
