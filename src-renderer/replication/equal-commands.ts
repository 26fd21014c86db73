/**
 * What Kafka's own tools are to be told for the same: `kafka-reassign-partitions.sh` and
 * `kafka-leader-election.sh`, with the file that they read. Pure.
 */
import type { Assignment, TopicPartition } from '../../src-main/contract/model/replication.ts'

export interface EqualCommands {
  readonly lines: readonly string[]
  readonly file: { readonly name: string; readonly content: string } | null
}

const MOVES_FILE = 'reassign.json'
const ELECTION_FILE = 'elect.json'

interface Moves {
  readonly bootstrap: string
  readonly assignments: readonly Assignment[]
  /** Null for none. */
  readonly throttleBytesPerSecond: number | null
}

/** `--verify` says how far it is and, when all has moved, takes the throttle away. */
export function reassignCommands(moves: Moves): EqualCommands {
  const { bootstrap, assignments, throttleBytesPerSecond } = moves
  const throttle = throttleBytesPerSecond === null ? '' : ` --throttle ${throttleBytesPerSecond}`
  return {
    lines: [`${reassign(bootstrap)} --execute${throttle}`, `${reassign(bootstrap)} --verify`],
    file: movesFile(assignments),
  }
}

/** Of moves that are under way: the throttle anew, or the way back. */
export function underWayCommands(moves: Moves): EqualCommands {
  const { bootstrap, assignments, throttleBytesPerSecond } = moves
  const throttle =
    throttleBytesPerSecond === null
      ? []
      : [`${reassign(bootstrap)} --additional --execute --throttle ${throttleBytesPerSecond}`]
  return {
    lines: [...throttle, `${reassign(bootstrap)} --cancel`],
    file: movesFile(assignments),
  }
}

interface Election {
  readonly bootstrap: string
  readonly election: 'preferred' | 'unclean'
  readonly partitions: readonly TopicPartition[]
}

export function electionCommands({ bootstrap, election, partitions }: Election): EqualCommands {
  const start = `kafka-leader-election.sh --bootstrap-server ${bootstrap} --election-type ${election}`
  const [only] = partitions
  if (partitions.length === 1 && only !== undefined)
    return {
      lines: [`${start} --topic ${only.topic} --partition ${only.partition}`],
      file: null,
    }
  const listed = partitions.map(({ topic, partition }) => ({ topic, partition }))
  return {
    lines: [`${start} --path-to-json-file ${ELECTION_FILE}`],
    file: { name: ELECTION_FILE, content: fileText({}, listed) },
  }
}

/** For a shell as POSIX has it: the file is written first. */
export function shellText({ lines, file }: EqualCommands): string {
  const before = file === null ? [] : [`cat > ${file.name} <<'EOF'`, `${file.content}EOF`]
  return `${[...before, ...lines].join('\n')}\n`
}

function reassign(bootstrap: string): string {
  return (
    `kafka-reassign-partitions.sh --bootstrap-server ${bootstrap} ` +
    `--reassignment-json-file ${MOVES_FILE}`
  )
}

function movesFile(assignments: readonly Assignment[]): EqualCommands['file'] {
  const listed = assignments.map(({ topic, partition, replicas }) => {
    return { topic, partition, replicas }
  })
  return { name: MOVES_FILE, content: fileText({ version: 1 }, listed) }
}

/** A line for each partition, so that a person can read and change it. */
function fileText(head: Readonly<Record<string, unknown>>, partitions: readonly object[]): string {
  const fields = Object.entries(head).map(([name, value]) => `"${name}":${JSON.stringify(value)},`)
  const lines = partitions.map(each => `  ${JSON.stringify(each)}`).join(',\n')
  return `{${fields.join('')}"partitions":[\n${lines}\n]}\n`
}
