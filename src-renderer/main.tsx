/** Starts the page: fonts, styles, the connection, the first address. */
import './legal-language.ts'
import '@fontsource-variable/inter/opsz.css'
import '@fontsource-variable/jetbrains-mono'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import 'uplot/dist/uPlot.min.css'
import './ui/style/tokens.css'
import './ui/style/base.css'
import './ui/style/controls.css'
import './ui/ui.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { createAppRouter } from './app/router.tsx'
import { theme } from './app/theme.ts'
import { ClientContext } from './connection/client-context.tsx'
import { openClient } from './connection/open-client.ts'

const place = document.getElementById('root')
if (place === null) throw new Error('the page has no element with the id root')

createRoot(place).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <Notifications position="bottom-center" limit={3} />
    <ClientContext value={openClient()}>
      <RouterProvider router={createAppRouter()} />
    </ClientContext>
  </MantineProvider>,
)
