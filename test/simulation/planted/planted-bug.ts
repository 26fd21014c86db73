/** A bug that is put into a copy of the engine, to see whether the simulator finds it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PlantedBug {
  readonly name: string
  /** Below engine/. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
}

export interface PlantedCopy {
  /** Its own test/simulation/simulate.ts, on the engine with the bug. */
  readonly command: string
  remove(): void
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Throws where the engine has changed so that the bug fits it no longer. */
export function plant(bug: PlantedBug): PlantedCopy {
  const original = readFileSync(join(root, 'engine', bug.file), 'utf8')
  const places = original.split(bug.find).length - 1
  if (places !== 1)
    throw new Error(`${bug.name}: its text stands ${places} times in engine/${bug.file}, not once`)
  const folder = mkdtempSync(join(tmpdir(), 'planted-'))
  cpSync(join(root, 'engine'), join(folder, 'engine'), { recursive: true })
  cpSync(join(root, 'test/simulation'), join(folder, 'test/simulation'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const changed = original.replace(bug.find, () => bug.replace)
  writeFileSync(join(folder, 'engine', bug.file), changed)
  return {
    command: join(folder, 'test/simulation/simulate.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
