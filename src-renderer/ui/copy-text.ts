/** Puts text on the clipboard and says so. */
import { notifications } from '@mantine/notifications'
import { t } from '../i18n/i18n.ts'

export async function copyText(text: string, said: string = t('copy.done')): Promise<void> {
  await write(text)
  notifications.show({ message: said, autoClose: 1_600, withCloseButton: false, id: 'copied' })
}

async function write(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Waits for a page without leave to use the clipboard: the older way asks for none.
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}
