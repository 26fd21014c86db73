import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The cores do not import each other: what one needs of another arrives as event or record. */
const base = ['engine/support', 'engine/protocol', 'engine/ports']
const broker = [
  ...base,
  'engine/config',
  'engine/log',
  'engine/controller',
  'engine/raft',
  'engine/replica',
  'engine/group',
  'engine/client',
  'engine/server',
]

const inspecting = ['engine', 'src-main/contract', 'src-main/clusters', 'src-main/lookups']

/** What a folder may import besides itself: folders, files and packages. */
const mayImport: Record<string, readonly string[]> = {
  'engine/support': ['engine/ports/clock.ts'],
  'engine/ports': [],
  'engine/protocol': ['engine/support'],
  'engine/protocol/records/native.ts': [
    '@node-rs/crc32',
    'lz4-napi',
    'snappy',
    'node:module',
    'node:zlib',
  ],
  'engine/config': ['engine/support', 'engine/protocol'],
  'engine/log': ['engine/support', 'engine/protocol', 'engine/ports/disk.ts'],
  'engine/controller': [
    'engine/support',
    'engine/protocol',
    'engine/config',
    'engine/ports/random.ts',
  ],
  'engine/raft': ['engine/support', 'engine/ports/random.ts'],
  'engine/replica': ['engine/support', 'engine/protocol'],
  'engine/group': ['engine/support', 'engine/protocol', 'engine/ports/random.ts'],
  'engine/server': base,
  'engine/client': base,
  'engine/broker': broker,
  'engine/controller-node': broker,
  'engine/runtime': [
    ...broker,
    'engine/broker',
    'engine/controller-node',
    'engine/cluster',
    'node:',
  ],
  'engine/cluster': [
    ...broker,
    'engine/broker',
    'engine/controller-node',
    'engine/runtime',
    'node:',
  ],
  'src-main/contract': ['engine/support', 'engine/protocol/errors.ts'],
  'src-main/clusters': ['engine', 'src-main/contract', 'node:'],
  'src-main/lookups': ['engine', 'src-main/contract', 'src-main/clusters'],
  'src-main/decode': ['src-main/contract', 'engine/protocol', 'engine/support'],
  'src-main/records': [...inspecting, 'src-main/decode', 'src-main/groups/group-offsets.ts'],
  'src-main/partitioners': ['engine/support'],
  'src-main/produce': [
    ...inspecting,
    'src-main/partitioners',
    'src-main/jobs',
    'src-main/workers',
    'csv-parse',
    'node:',
  ],
  'src-main/filter': [
    'src-main/contract',
    'src-main/decode',
    'engine/protocol',
    'engine/support',
    '@marcbachmann/cel-js',
    're2js',
  ],
  'src-main/scan': [
    ...inspecting,
    'src-main/filter',
    'src-main/jobs',
    'src-main/partitioners',
    'src-main/records',
    'src-main/workers',
  ],
  'src-main/export': [
    ...inspecting,
    'src-main/decode',
    'src-main/filter',
    'src-main/jobs',
    'src-main/scan',
    'src-main/workers',
    'node:',
  ],
  'src-main/statistics': [
    ...inspecting,
    'src-main/decode',
    'src-main/filter',
    'src-main/jobs',
    'src-main/scan',
    'src-main/workers',
  ],
  'src-main/offsets': [
    ...inspecting,
    'src-main/decode',
    'src-main/groups',
    'src-main/topics',
    'csv-parse',
    'node:',
  ],
  'src-main/topics': [...inspecting, 'src-main/jobs', 'src-main/partitioners'],
  'src-main/groups': [...inspecting, 'src-main/topics', 'src-main/workers', 'node:'],
  'src-main/brokers': [...inspecting, 'src-main/topics'],
  'src-main/rates': inspecting,
  'src-main/replication': [...inspecting, 'src-main/jobs', 'src-main/topics'],
  'src-main/jobs': ['src-main/contract'],
  'src-main/preferences': ['src-main/contract', 'node:'],
  'src-main/wire-log': inspecting,
  'src-main/storage': [...inspecting, 'node:'],
  'src-main/workers': ['engine', 'src-main', 'node:'],
  'src-main/service': ['engine', 'src-main'],
  'src-main/sample': [...inspecting, 'src-main/topics', 'src-main/service', 'kafkajs', 'node:'],
  'src-main/control': [
    'engine',
    'src-main/contract',
    'src-main/web/web-access.ts',
    'src-main/workers/inspect-workers.ts',
    'node:',
  ],
  'src-main/web': ['engine', 'src-main/contract', 'ws', 'node:'],
  'src-main/application': ['engine', 'src-main', 'node:', 'package.json'],
  'src-main/desktop': ['engine', 'src-main', 'electron', 'node:'],
  'src-main/cli': ['engine', 'src-main', 'node:'],
  'src-renderer': [
    'src-main/contract',
    'react',
    'react-dom/client',
    'i18next',
    'lucide-react',
    'uplot',
    '@mantine/',
    '@tanstack/',
    '@fontsource-variable/',
  ],
}

/** Folders that must replay from a seed, and what would make them differ from run to run. */
const pure = [
  'engine/support',
  'engine/protocol',
  'engine/config',
  'engine/log',
  'engine/controller',
  'engine/raft',
  'engine/replica',
  'engine/group',
  'engine/server',
  'engine/client',
  'engine/broker',
  'engine/controller-node',
  'src-main/contract',
  'src-main/decode',
]
const ambient = new RegExp(
  [
    /\bDate\.now/,
    /\bnew Date\(\)/,
    /\bperformance\.now/,
    /\bMath\.random/,
    /\bset(Timeout|Interval|Immediate)\(/,
    /(?<!')\bprocess\./,
  ]
    .map(pattern => pattern.source)
    .join('|'),
)

const files = ['engine', 'src-main', 'src-renderer'].flatMap(sourcesUnder)

test('the scan finds the sources', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(files).toContain(join('engine', 'protocol', 'schema.ts'))
})

describe('imports', () => {
  test.each(files)('%s imports only what its folder may', file => {
    const folder = folderOf(file)
    const allowed = [folder, ...(mayImport[folder] ?? []), ...(mayImport[slashes(file)] ?? [])]
    const strays = importsOf(file).filter(target => !allowed.some(each => within(target, each)))
    expect(strays).toEqual([])
  })

  test('features never import features', () => {
    const strays = files
      .filter(file => slashes(file).startsWith('src-renderer/features/'))
      .flatMap(file => {
        const own = slashes(file).split('/').slice(0, 3).join('/')
        return importsOf(file)
          .filter(target => target.startsWith('src-renderer/features/'))
          .filter(target => !target.startsWith(`${own}/`))
          .map(target => `${file} → ${target}`)
      })
    expect(strays).toEqual([])
  })
})

describe('shared layers', () => {
  const shared = ['src-renderer/ui/', 'src-renderer/record/']
  test.each(files.filter(file => shared.some(each => slashes(file).startsWith(each))))(
    '%s knows no page that embeds it',
    file => {
      const own = shared.find(each => slashes(file).startsWith(each))
      const pages = ['src-renderer/features/', 'src-renderer/app/', 'src-renderer/record/']
      const strays = importsOf(file).filter(target =>
        pages.some(page => page !== own && target.startsWith(page)),
      )
      expect(strays).toEqual([])
    },
  )
})

describe('cores', () => {
  test.each(files.filter(file => pure.some(folder => slashes(file).startsWith(`${folder}/`))))(
    '%s has no ambient input',
    file => {
      expect(withoutComments(file).match(ambient)?.[0]).toBeUndefined()
    },
  )

  test.each(files.filter(file => slashes(file).startsWith('engine/')))(
    '%s throws errors of the three kinds only',
    file => {
      expect(withoutComments(file).match(/\bnew Error\(/)?.[0]).toBeUndefined()
    },
  )
})

describe('files', () => {
  /** Tables may be longer; each of these is one. */
  const tables = new Set(['engine/config/broker-node-configs.ts'])

  test.each(files.filter(file => !tables.has(slashes(file))))('%s has at most 400 lines', file => {
    const lines = readFileSync(file, 'utf8').split('\n').length
    expect(lines).toBeLessThanOrEqual(401)
  })

  test.each(files)('%s has no default export', file => {
    expect(readFileSync(file, 'utf8').match(/^export default /m)).toBeNull()
  })
})

function sourcesUnder(root: string): string[] {
  if (!existsSync(root)) return []
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return paths
    .filter(path => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .map(path => join(root, path))
}

function folderOf(file: string): string {
  const folders = Object.keys(mayImport).filter(folder => slashes(file).startsWith(`${folder}/`))
  const [longest] = folders.sort((a, b) => b.length - a.length)
  if (longest === undefined)
    throw new Error(`${file} is in no folder of the table: add it there first`)
  return longest
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const imports = source.matchAll(/^(?:import |(?:import|export)\b.* from |\} from )'([^']+)'/gm)
  return [...imports].map(([, target]) =>
    target!.startsWith('.') ? slashes(relative('.', join(dirname(file), target!))) : target!,
  )
}

/** A folder, a file, a package, or everything that begins so when it ends in `:` or `/`. */
function within(target: string, allowed: string): boolean {
  if (/[:/]$/.test(allowed)) return target.startsWith(allowed)
  return target === allowed || target.startsWith(`${allowed}/`)
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '')
}
