import { describe, expect, test } from 'vitest'
import {
  electionCommands,
  reassignCommands,
  shellText,
  underWayCommands,
} from '../../../src-renderer/replication/equal-commands.ts'

const bootstrap = '127.0.0.1:9092'
const assignments = [
  { topic: 'orders', partition: 0, replicas: [1, 2] },
  { topic: 'orders', partition: 7, replicas: [3, 1] },
]

describe('commands that do the same', () => {
  test('the file of a reassignment is the JSON that the tool reads', () => {
    const { file, lines } = reassignCommands({
      bootstrap,
      assignments,
      throttleBytesPerSecond: 1_048_576,
    })
    expect(JSON.parse(file!.content)).toEqual({ version: 1, partitions: assignments })
    expect(lines).toEqual([
      'kafka-reassign-partitions.sh --bootstrap-server 127.0.0.1:9092 ' +
        '--reassignment-json-file reassign.json --execute --throttle 1048576',
      'kafka-reassign-partitions.sh --bootstrap-server 127.0.0.1:9092 ' +
        '--reassignment-json-file reassign.json --verify',
    ])
  })

  test('moves under way are throttled anew beside the others, and cancelled', () => {
    const { lines } = underWayCommands({ bootstrap, assignments, throttleBytesPerSecond: 2_048 })
    expect(lines[0]).toContain('--additional --execute --throttle 2048')
    expect(lines[1]).toMatch(/--cancel$/)
    const unknown = underWayCommands({ bootstrap, assignments, throttleBytesPerSecond: null })
    expect(unknown.lines).toEqual([lines[1]])
  })

  test('one partition is elected by its name, several by a file', () => {
    const place = { bootstrap, election: 'unclean' as const }
    expect(electionCommands({ ...place, partitions: [assignments[0]!] })).toEqual({
      lines: [
        'kafka-leader-election.sh --bootstrap-server 127.0.0.1:9092 --election-type unclean ' +
          '--topic orders --partition 0',
      ],
      file: null,
    })
    const several = electionCommands({ ...place, partitions: assignments })
    expect(several.lines[0]).toMatch(/--path-to-json-file elect.json$/)
    expect(JSON.parse(several.file!.content)).toEqual({
      partitions: [
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 7 },
      ],
    })
  })

  test('copied for a shell, the file is written before it is read', () => {
    const commands = reassignCommands({ bootstrap, assignments, throttleBytesPerSecond: null })
    const text = shellText(commands)
    expect(text.startsWith("cat > reassign.json <<'EOF'\n{")).toBe(true)
    expect(text).toContain('\n]}\nEOF\nkafka-reassign-partitions.sh')
    expect(text.endsWith('--verify\n')).toBe(true)
  })
})
