/**
 * Which ports listeners get. Where the user named none, the ones people know, and others in place
 * of those that are taken; a port that he did name is never replaced behind his back.
 */
import { choosePorts } from '../../engine/cluster/ports.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'

const HOST = '127.0.0.1'
const PORT_MAX = 65_535

export interface PortWish {
  readonly count: number
  /** Of the first listener; the others follow it. */
  readonly preferred: number
  /** Named by the user; 0 leaves the choice to the system, null leaves it to us. */
  readonly named: number | null
}

export async function listenerPorts({ count, preferred, named }: PortWish): Promise<number[]> {
  if (named === 0) return Array.from({ length: count }, () => 0)
  const first = named ?? preferred
  const last = first + count - 1
  if (last > PORT_MAX)
    throw new OperationalError(`ports ${first} to ${last}: there is none above ${PORT_MAX}`)
  const wanted = Array.from({ length: count }, (_, index) => first + index)
  const ports = await choosePorts({ host: HOST, preferred: wanted, count })
  const taken = wanted.find((port, index) => port !== ports[index])
  if (named !== null && taken !== undefined)
    throw new OperationalError(
      `port ${taken} is taken: name another, or 0, or none to have free ones chosen`,
    )
  return ports
}
