/** A JSON document as a tree: exact numbers, repeated keys, branches that shut, any size. */
import { ChevronRight } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../copy-button.tsx'
import { physicalHeight, windowAt } from '../table/scaled-scroll.ts'
import { useRowScroller } from '../table/row-scroller.ts'
import { jsonLines, type JsonLine } from './json-lines.ts'
import { printJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import './value.css'

const LINE_HEIGHT_PX = 20
/** Up to here lines are drawn whole and may wrap; beyond, only the visible ones, one line each. */
const WHOLE_LINES_MAX = 1_500
const TEXT_CHARS_MAX = 20_000

export function JsonTree({ value }: { readonly value: JsonValue }) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const lines = useMemo(() => jsonLines(value, toggled), [value, toggled])
  const toggle = (id: string) => {
    const next = new Set(toggled)
    if (!next.delete(id)) next.add(id)
    setToggled(next)
  }
  if (lines.length > WHOLE_LINES_MAX) return <WindowedLines lines={lines} toggle={toggle} />
  return (
    <div className="json-tree" role="tree" aria-label={t('value.tree')} tabIndex={0}>
      {lines.map(line => (
        <TreeLine key={line.id} line={line} toggle={toggle} />
      ))}
    </div>
  )
}

interface LinesProps {
  readonly lines: readonly JsonLine[]
  readonly toggle: (id: string) => void
}

function WindowedLines({ lines, toggle }: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { position, extent } = useRowScroller(scroller, lines.length, LINE_HEIGHT_PX, 0)
  const view = windowAt(position, extent, 10)
  return (
    <div
      ref={scroller}
      className="json-tree"
      data-windowed
      role="tree"
      aria-label={t('value.tree')}
      tabIndex={0}
    >
      <div style={{ height: physicalHeight(extent) }}>
        <div className="json-window" style={{ height: extent.viewportHeight }}>
          <div style={{ transform: `translateY(${view.firstTop}px)` }}>
            {lines.slice(view.first, view.end).map(line => (
              <TreeLine key={line.id} line={line} toggle={toggle} />
            ))}
          </div>
        </div>
      </div>
    </div>
  )
}

function TreeLine({ line, toggle }: { line: JsonLine; toggle: (id: string) => void }) {
  const { branch, name, value } = line
  return (
    <div
      className="json-line"
      role="treeitem"
      aria-level={line.depth + 1}
      aria-expanded={branch?.open}
      style={{ paddingLeft: line.depth * 14 }}
    >
      {branch === null ? (
        <span className="json-leaf" />
      ) : (
        <button
          type="button"
          className="json-toggle"
          aria-label={branch.open ? t('value.shut') : t('value.open')}
          onClick={() => toggle(line.id)}
        >
          <ChevronRight size={12} aria-hidden style={{ rotate: branch.open ? '90deg' : '0deg' }} />
        </button>
      )}
      <span className="json-content">
        {name !== null && (
          <span className={line.isIndex ? 'json-index' : 'json-key'} title={line.path}>
            {name === '' ? '""' : name}
            <span className="json-mark">: </span>
          </span>
        )}
        {branch === null ? (
          <Leaf value={value} />
        ) : (
          <button type="button" className="json-summary" onClick={() => toggle(line.id)}>
            {value.type === 'array'
              ? t('value.items', { count: branch.childCount })
              : t('value.fields', { count: branch.childCount })}
          </button>
        )}
        <span className="json-copy">
          <CopyButton text={copyOf(value)} label={t('value.copyAt', { path: line.path })} />
        </span>
      </span>
    </div>
  )
}

function Leaf({ value }: { readonly value: JsonValue }) {
  switch (value.type) {
    case 'string':
      return (
        <bdi className="json-string">
          "{value.value.slice(0, TEXT_CHARS_MAX)}
          {value.value.length > TEXT_CHARS_MAX && '…'}"
        </bdi>
      )
    case 'number':
      return <span className="json-number">{value.text}</span>
    case 'word':
      return <span className="json-word">{value.text}</span>
    default:
      return null
  }
}

/** A string is copied without its quotes, anything else as JSON. */
function copyOf(value: JsonValue): string {
  return value.type === 'string' ? value.value : printJson(value)
}
