/** Collects figures by measure and contestant; a row is the median of the rounds. */
export class Results {
  readonly #names: readonly string[]
  readonly #rows = new Map<string, { unit: string; figures: number[][] }>()
  /** Off while things warm up. */
  recording = true

  constructor(names: readonly string[]) {
    this.#names = names
  }

  add(measure: string, unit: string, contestant: number, figure: number): void {
    if (!this.recording) return
    const row = this.#rows.get(measure) ?? { unit, figures: this.#names.map(() => []) }
    row.figures[contestant]!.push(figure)
    this.#rows.set(measure, row)
  }

  markdown(): string {
    const [first, second] = this.#names
    const ratio = second === undefined ? [] : [`${second} / ${first}`]
    const lines = [
      table(['measure (median; lowest – highest)', 'unit', ...this.#names, ...ratio]),
      table(['---', '---', ...[...this.#names, ...ratio].map(() => '---:')]),
    ]
    for (const [measure, { unit, figures }] of this.#rows) {
      const [a, b] = figures.map(median)
      const compared = ratio.length === 0 || !a || b === undefined ? [] : [(b / a).toFixed(2)]
      lines.push(table([measure, unit, ...figures.map(cell), ...compared]))
    }
    return lines.join('\n')
  }
}

function cell(figures: readonly number[]): string {
  if (figures.length === 0) return '–'
  const middle = readable(median(figures)!)
  if (figures.length === 1) return middle
  return `${middle} (${readable(Math.min(...figures))} – ${readable(Math.max(...figures))})`
}

function median(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1 || sorted.length === 0) return sorted[middle]
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}

function readable(figure: number): string {
  if (figure >= 1_000) return Math.round(figure).toLocaleString('en-US')
  return figure >= 100 ? figure.toFixed(0) : figure >= 10 ? figure.toFixed(1) : figure.toFixed(2)
}

function table(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
