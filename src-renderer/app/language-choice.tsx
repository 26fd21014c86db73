/** The commands that change the language; the rail has a menu of the same. */
import { Menu, Tooltip } from '@mantine/core'
import { Languages } from 'lucide-react'
import { t } from '../i18n/i18n.ts'
import { chooseLanguage, chosenLanguage, LANGUAGES, type Language } from '../i18n/languages.ts'
import { useCommands } from '../ui/commands.ts'

const CHOICES = Object.entries(LANGUAGES) as readonly (readonly [Language, string])[]

export function LanguageChoice() {
  const current = chosenLanguage()
  useCommands(
    CHOICES.map(([language, name]) => ({
      id: `language-${language}`,
      title: `${t('language.label')}: ${name}`,
      group: 'view' as const,
      run: () => chooseLanguage(language),
    })),
  )
  return (
    <Menu position="right-end">
      <Menu.Target>
        <Tooltip position="right" label={`${t('language.label')}: ${LANGUAGES[current]}`}>
          <button type="button" className="rail-button" aria-label={t('language.label')}>
            <Languages size={15} aria-hidden />
          </button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={current}
          onChange={language => chooseLanguage(language as Language)}
        >
          {CHOICES.map(([language, name]) => (
            <Menu.RadioItem key={language} value={language} lang={language}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
