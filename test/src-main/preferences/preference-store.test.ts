import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KEPT_CHARS_MAX, KEPT_ITEMS_MAX } from '../../../src-main/contract/model/preference.ts'
import { PreferenceStore } from '../../../src-main/preferences/preference-store.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preferences-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const folder = () => join(root, 'preferences')

test('what is kept is there after a restart, by name', async () => {
  const store = new PreferenceStore(folder())
  await store.keep('views', [
    { name: 'b 10', text: '{"q":"ü"}' },
    { name: 'b 9', text: '' },
  ])
  await store.keep('views', [{ name: 'b 9', text: 'newer' }])
  await store.keep('templates', [{ name: 'of another collection', text: '1' }])
  const again = new PreferenceStore(folder())
  expect(await again.list('views')).toEqual([
    { name: 'b 9', text: 'newer' },
    { name: 'b 10', text: '{"q":"ü"}' },
  ])
  await again.remove('views', ['b 9', 'never there'])
  expect(await new PreferenceStore(folder()).list('views')).toEqual([
    { name: 'b 10', text: '{"q":"ü"}' },
  ])
  expect(await readdir(folder())).toEqual(['templates.json', 'views.json'])
})

test('changes at once lose nothing of each other', async () => {
  const store = new PreferenceStore(folder())
  const names = Array.from({ length: 40 }, (_, index) => `n${String(index).padStart(2, '0')}`)
  await Promise.all(names.map(name => store.keep('views', [{ name, text: name }])))
  await Promise.all(names.slice(0, 20).map(name => store.remove('views', [name])))
  const kept = await new PreferenceStore(folder()).list('views')
  expect(kept.map(({ name }) => name)).toEqual(names.slice(20))
})

test('what finds no room is refused, and nothing of it is kept', async () => {
  const store = new PreferenceStore(folder())
  await store.keep('views', [{ name: 'first', text: 'x' }])
  const many = Array.from({ length: KEPT_ITEMS_MAX }, (_, index) => {
    return { name: `n${index}`, text: '' }
  })
  await expect(store.keep('views', many)).rejects.toMatchObject({ code: 'FULL' })
  const large = [{ name: 'large', text: 'x'.repeat(KEPT_CHARS_MAX) }]
  await expect(store.keep('views', large)).rejects.toMatchObject({ code: 'FULL' })
  expect(await store.list('views')).toEqual([{ name: 'first', text: 'x' }])
  await store.keep('views', [{ name: 'second', text: 'y' }])
  expect((await new PreferenceStore(folder()).list('views')).length).toBe(2)
})

test('a file that cannot be read is named, and never written over', async () => {
  const store = new PreferenceStore(folder())
  await store.keep('views', [{ name: 'a', text: '1' }])
  const path = join(folder(), 'views.json')
  for (const text of ['{"format":', '{"format":"other","items":[]}']) {
    await writeFile(path, text)
    const again = new PreferenceStore(folder())
    const corrupt = { code: 'CORRUPT_FILE', message: expect.stringContaining(path) as string }
    await expect(again.list('views')).rejects.toMatchObject({ problem: corrupt })
    await expect(again.keep('views', [{ name: 'b', text: '2' }])).rejects.toMatchObject({
      problem: corrupt,
    })
    expect(await readFile(path, 'utf8')).toBe(text)
    // Once it is mended, it is read again.
    await writeFile(path, '{"format":"odradek-preferences","items":[{"name":"c","text":"3"}]}')
    expect(await again.list('views')).toEqual([{ name: 'c', text: '3' }])
  }
})

test('those who listen hear which collection has changed', async () => {
  const store = new PreferenceStore(null)
  const heard: string[] = []
  const stop = store.onChange(collection => heard.push(collection))
  await store.keep('templates', [{ name: 'a', text: '1' }])
  await store.remove('templates', ['a'])
  stop()
  await store.keep('views', [{ name: 'a', text: '1' }])
  expect(heard).toEqual(['templates', 'templates'])
})
