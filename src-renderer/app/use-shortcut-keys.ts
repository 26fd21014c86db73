/** Runs the announced commands from the keyboard: single letters, and `g` followed by another. */
import { spotlight } from '@mantine/spotlight'
import { useEffect } from 'react'
import { commandRegistry } from '../ui/commands.ts'
import { shortcutSheet } from './shortcut-sheet.tsx'

const SEQUENCE_MS = 1_200

export function useShortcutKeys(): void {
  useEffect(() => {
    let first = ''
    let firstAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('[role=dialog], [role=menu]') !== null) return
      if (event.key === '?') {
        shortcutSheet.toggle()
        event.preventDefault()
        return
      }
      const started = first !== '' && event.timeStamp - firstAt < SEQUENCE_MS
      const typed = started ? `${first} ${event.key}` : event.key
      const commands = commandRegistry.snapshot()
      const found = commands.findLast(command => command.shortcut === typed)
      const begins = commands.some(command => command.shortcut?.startsWith(`${typed} `))
      first = found === undefined && begins ? event.key : ''
      firstAt = event.timeStamp
      if (found === undefined && !begins) return
      // Before any list takes the letter for itself.
      event.preventDefault()
      event.stopPropagation()
      found?.run()
    }
    document.addEventListener('keydown', onKey, { capture: true })
    return () => document.removeEventListener('keydown', onKey, { capture: true })
  }, [])
}

/** The desktop's menu names commands by their ids. */
export function useMenuCommands(): void {
  useEffect(() => {
    const onMessage = (event: MessageEvent) => {
      if (event.source !== window || event.data?.type !== 'odradek-command') return
      const { command } = event.data
      if (command === 'palette.open') spotlight.open()
      else
        commandRegistry
          .snapshot()
          .find(({ id }) => id === command)
          ?.run()
    }
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable]') !== null
  )
}
