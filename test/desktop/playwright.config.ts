/** Desktop tests: a real Electron, its window on a virtual display where there is no other. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

const results = new URL('../../test-results/', import.meta.url)
const report = fileURLToPath(new URL('playwright-desktop.json', results))

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('desktop', results)),
  workers: 1,
  // The first test of all may have to fetch an Electron and to build for it.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ?? report }],
  ],
})
