/**
 * Every action has one name, one place, and perhaps one key; menu, palette and shortcut share it.
 * Pages announce their commands while they are shown.
 */
import { useEffect, useRef } from 'react'
import { Store } from './store.ts'

export interface Command {
  readonly id: string
  readonly title: string
  /** Keys as shown: `g t` is one after the other, a single letter stands alone. */
  readonly shortcut?: string
  readonly group: 'page' | 'go' | 'view'
  readonly run: () => void
}

export class CommandRegistry extends Store<readonly Command[]> {
  constructor() {
    super([])
  }

  /** Returns what takes them away again. */
  announce(commands: readonly Command[]): () => void {
    this.replace([...this.snapshot(), ...commands])
    return () => this.replace(this.snapshot().filter(known => !commands.includes(known)))
  }
}

export const commandRegistry = new CommandRegistry()

/** Announces commands while the calling view is shown; their `run` is always the latest. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands)
  latest.current = commands
  const names = commands
    .map(command => `${command.id}|${command.title}|${command.shortcut}`)
    .join('\n')
  useEffect(
    () =>
      commandRegistry.announce(
        latest.current.map((command, place) => ({
          ...command,
          run: () => latest.current[place]?.run(),
        })),
      ),
    [names],
  )
}
