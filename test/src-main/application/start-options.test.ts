import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dataFolderFrom, defaultDataFolder } from '../../../src-main/application/data-folder.ts'
import { parseStartOptions, UsageError } from '../../../src-main/application/start-options.ts'

describe('the options of a start', () => {
  test('have defaults', () => {
    expect(parseStartOptions([])).toEqual({
      surface: 'either',
      brokers: 3,
      controllers: null,
      combined: null,
      racks: [],
      kafkaPort: null,
      webPort: null,
      dataFolder: defaultDataFolder(),
      ephemeral: false,
      open: true,
      sample: null,
    })
  })

  test('are all understood', () => {
    const args =
      '--web --port 8000 --kafka-port 0 --brokers 5 --controllers 5 --combined --racks a,b --data here --no-open --no-sample'.split(
        ' ',
      )
    expect(parseStartOptions(args)).toEqual({
      surface: 'web',
      brokers: 5,
      controllers: 5,
      combined: true,
      racks: ['a', 'b'],
      kafkaPort: 0,
      webPort: 8000,
      dataFolder: resolve('here'),
      ephemeral: false,
      open: false,
      sample: false,
    })
    expect(parseStartOptions(['--desktop', '--sample', '--ephemeral'])).toMatchObject({
      surface: 'desktop',
      sample: true,
      ephemeral: true,
    })
  })

  test('are null when the help is asked for', () => {
    expect(parseStartOptions(['--help'])).toBeNull()
    expect(parseStartOptions(['-h'])).toBeNull()
  })

  test.each([
    ['--brokers 0', '--brokers 0: a whole number from 1 to 32 is needed'],
    ['--brokers 33', '--brokers 33: a whole number from 1 to 32 is needed'],
    ['--brokers three', '--brokers three: a whole number from 1 to 32 is needed'],
    ['--controllers 0', '--controllers 0: a whole number from 1 to 9 is needed'],
    ['--brokers 1e1', '--brokers 1e1: a whole number from 1 to 32 is needed'],
    ['--port 65536', '--port 65536: a whole number from 0 to 65535 is needed'],
    ['--port', "Option '--port <value>' argument missing"],
    ['--web --desktop', '--web and --desktop exclude each other'],
    ['--sample --no-sample', '--sample and --no-sample exclude each other'],
    ['--data x --ephemeral', '--data and --ephemeral exclude each other'],
    ['--data=', '--data needs a folder'],
    ['--racks a,,b', '--racks a,,b: names separated by commas are needed, as a,b,c'],
    ['--bogus', "Unknown option '--bogus'"],
    ['extra', "Unexpected argument 'extra'"],
  ])('%s is refused in one line', (line, message) => {
    const attempt = () => parseStartOptions(line.split(' '))
    expect(attempt).toThrow(UsageError)
    expect(attempt).toThrow(message)
    expect(attempt).not.toThrow('\n')
  })
})

describe('the data folder', () => {
  const home = '/home/franz'

  test('follows the custom of each system', () => {
    expect(defaultDataFolder({ platform: 'linux', home, env: {} })).toBe(
      '/home/franz/.local/share/odradek',
    )
    expect(defaultDataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: '/data' } })).toBe(
      '/data/odradek',
    )
    expect(defaultDataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: 'data' } })).toBe(
      '/home/franz/.local/share/odradek',
    )
    expect(defaultDataFolder({ platform: 'darwin', home, env: {} })).toBe(
      '/home/franz/Library/Application Support/Odradek',
    )
  })

  test('may be named from the home folder', () => {
    expect(dataFolderFrom('~/kafka', { platform: 'linux', home, env: {} })).toBe(
      '/home/franz/kafka',
    )
    expect(dataFolderFrom('~', { platform: 'linux', home, env: {} })).toBe(home)
    expect(dataFolderFrom('~other', { platform: 'linux', home, env: {} })).toBe(resolve('~other'))
  })
})
