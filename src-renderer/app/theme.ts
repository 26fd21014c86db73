/** Mantine, told about our tokens: it draws menus, modals and tooltips, and decides no look. */
import { createTheme, type MantineColorsTuple } from '@mantine/core'
import { t } from '../i18n/i18n.ts'

const accent: MantineColorsTuple = [
  '#ecebfc',
  '#d9d7fa',
  '#b9b5f5',
  '#9a96ff',
  '#8781f0',
  '#6a63e6',
  '#4f46d8',
  '#4038bd',
  '#342d9c',
  '#28237a',
]

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '11.5px', sm: '13px', md: '13px', lg: '14px', xl: '16px' },
  defaultRadius: '5px',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        closeDelay: 0,
        transitionProps: { duration: 0 },
        multiline: true,
        maw: 360,
        fz: 12,
      },
    },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: undefined, offset: 4 } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, offset: 4 } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.35 },
        centered: true,
        closeButtonProps: { 'aria-label': t('closeDialog') },
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': t('closeDialog') } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('closeDialog') } } },
  },
})
