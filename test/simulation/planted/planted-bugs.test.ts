/** The simulator is awake: bugs that it is known to find are found, and all of them still fit. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findPlanted } from './find-planted.ts'
import { plantedBugs } from './planted-bugs.ts'

const TIMEOUT_MS = 300_000
/** Found in the first worlds; the others take `npm run simulate -- --planted`. */
const quick = [
  'acknowledged-before-the-isr-has-it',
  'elected-outside-the-isr',
  'leader-epoch-not-bumped',
  'metadata-acted-upon-before-its-commit',
]

describe('planted bugs', () => {
  test.each(plantedBugs)('$name fits the engine', ({ file, find }) => {
    const text = readFileSync(new URL(`../../../engine/${file}`, import.meta.url), 'utf8')
    expect(text.split(find)).toHaveLength(2)
  })

  test.each(quick)('%s is found', { timeout: TIMEOUT_MS }, async name => {
    const bug = plantedBugs.find(each => each.name === name)!
    const search = await findPlanted(bug, { from: 7000, seeds: 30 })
    expect(search).toMatchObject({ type: 'found' })
  })
})
