/**
 * Every action has one name, one place, and perhaps one key; menu, palette and shortcut share it.
 * Pages announce their commands while they are shown.
 */
import { useEffect, useState } from 'react'
import { Store } from './store.ts'

export interface Command {
  readonly id: string
  readonly title: string
  /** Keys as shown: `g t` is one after the other, a single letter stands alone. */
  readonly shortcut?: string
  readonly group: 'page' | 'go' | 'view'
  readonly run: () => void
}

interface Announced {
  latest: readonly Command[]
  readonly shown: readonly Command[]
}

export class CommandRegistry extends Store<readonly Command[]> {
  readonly #announced = new Map<symbol, Announced>()

  constructor() {
    super([])
  }

  /** Takes the place of what the same announcer said before. Only new names are news to anyone. */
  announce(by: symbol, commands: readonly Command[]): void {
    const before = this.#announced.get(by)
    if (before !== undefined && namesOf(before.latest) === namesOf(commands)) {
      before.latest = commands
      return
    }
    const entry: Announced = {
      latest: commands,
      shown: commands.map((command, place) => ({
        ...command,
        run: () => entry.latest[place]?.run(),
      })),
    }
    this.#announced.set(by, entry)
    this.#tell()
  }

  withdraw(by: symbol): void {
    if (this.#announced.delete(by)) this.#tell()
  }

  #tell(): void {
    this.replace([...this.#announced.values()].flatMap(({ shown }) => shown))
  }
}

export const commandRegistry = new CommandRegistry()

/** Announces commands while the calling view is shown; their `run` is always the latest. */
export function useCommands(commands: readonly Command[]): void {
  const [by] = useState(() => Symbol('announcer'))
  useEffect(() => commandRegistry.announce(by, commands))
  useEffect(() => () => commandRegistry.withdraw(by), [by])
}

function namesOf(commands: readonly Command[]): string {
  return commands.map(({ id, title, shortcut }) => `${id}|${title}|${shortcut}`).join('\n')
}
