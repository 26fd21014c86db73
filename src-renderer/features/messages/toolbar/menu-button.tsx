/** A choice of the toolbar: its name, its value as a button, and what it opens. */
import { Popover } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { useState, type ReactNode } from 'react'

interface MenuButtonProps {
  readonly label: string
  readonly value: string
  readonly children: (close: () => void) => ReactNode
}

export function MenuButton({ label, value, children }: MenuButtonProps) {
  const [opened, setOpened] = useState(false)
  return (
    <span className="choice">
      <span className="faint">{label}</span>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        trapFocus
        withinPortal
        shadow="none"
      >
        <Popover.Target>
          <button
            type="button"
            className="button"
            aria-expanded={opened}
            aria-label={`${label} ${value}`}
            title={`${label} ${value}`}
            onClick={() => setOpened(!opened)}
          >
            <span className="choice-value">{value}</span>
            <ChevronDown size={13} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown className="choice-menu">
          {opened && children(() => setOpened(false))}
        </Popover.Dropdown>
      </Popover>
    </span>
  )
}
