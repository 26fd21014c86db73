/** What a broker is made with: its name, its folder and address, and the machine it runs on. */
import type { ConfigMap } from '../config/settings.ts'
import type { GroupJournalEvent } from '../group/group-events.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Logger } from '../ports/logger.ts'
import type { Address, Network } from '../ports/network.ts'
import type { Random } from '../ports/random.ts'

export interface BrokerOptions {
  readonly brokerId: number
  readonly clusterId: string
  readonly folderPath: string
  /** Where to listen; port 0 lets the system choose. */
  readonly address: Address
  /** The host that clients are told; the listening one when not given. */
  readonly advertisedHost?: string
  readonly rack: string | null
  /** A controller of its id is in this thread, and is what the quorum lists of both. */
  readonly isCombined?: boolean
  /** Where the controllers listen, by id; asked whenever one is connected to. */
  readonly controllerAddresses: () => ReadonlyMap<number, Address>
  /** Settles when there are any; what needs none is done meanwhile. At once when not given. */
  readonly controllersKnown?: Promise<void>
  readonly staticConfigs: ConfigMap
  readonly disk: Disk
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly onGroupJournal?: (event: GroupJournalEvent) => void
}
