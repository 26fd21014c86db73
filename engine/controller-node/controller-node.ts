/**
 * A controller as a node: the controller core, its metadata log, and the listener that brokers
 * talk to. Requests are taken one after another: handle, append, replay, answer.
 */
import type { ConfigMap } from '../config/settings.ts'
import { Controller } from '../controller/controller.ts'
import type { Handled, RequestContext as CoreContext } from '../controller/handled.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import { LogFolder } from '../log/log-folder.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Logger } from '../ports/logger.ts'
import type { Address, Network } from '../ports/network.ts'
import type { Random } from '../ports/random.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { FetchPurgatory } from '../replica/fetch-purgatory.ts'
import { Dispatcher, type RequestContext } from '../server/dispatcher.ts'
import { NodeServer } from '../server/node-server.ts'
import { controllerApis } from './controller-apis.ts'
import { MetadataLog, metadataLogConfig } from './metadata-log.ts'

const REQUEST_BYTES_MAX = 100 * 1024 * 1024

export interface ControllerNodeOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly folderPath: string
  readonly address: Address
  readonly staticConfigs: ConfigMap
  readonly disk: Disk
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /**
   * No broker that the log knows can still be running, as when the whole cluster starts: their
   * sessions are over at once, instead of after `broker.session.timeout.ms`.
   */
  readonly brokersAreDown: boolean
}

export class ControllerNode {
  readonly #options: ControllerNodeOptions
  readonly #folder: LogFolder
  readonly #controller: Controller
  readonly #log: MetadataLog
  readonly #waitingFetches = new FetchPurgatory<MetadataLog>()
  #server: NodeServer | null = null
  #cancelTimer: () => void = () => {}

  private constructor(options: ControllerNodeOptions) {
    const { clusterId, staticConfigs, random, nodeId, clock, disk, folderPath } = options
    this.#options = options
    this.#folder = LogFolder.open({
      disk,
      folder: folderPath,
      clusterId,
      nodeId,
      directoryId: random.uuid(),
      configFor: () => metadataLogConfig,
      producerIdExpirationMs: Infinity,
      nowMs: clock.nowMs(),
    })
    this.#controller = new Controller({ clusterId, staticConfigs, random })
    this.#log = new MetadataLog(this.#folder, { nodeId, nowMs: clock.nowMs() })
  }

  /** Throws an `OperationalError` for a taken address and for a folder that is not this node's. */
  static async start(options: ControllerNodeOptions): Promise<ControllerNode> {
    const node = new ControllerNode(options)
    node.#becomeActive()
    await node.#listen()
    return node
  }

  get address(): Address {
    return this.#server?.address ?? this.#options.address
  }

  /** The cluster as this controller knows it; for looking at only. */
  get image(): MetadataImage {
    return this.#controller.image
  }

  async close(): Promise<void> {
    this.#cancelTimer()
    await this.#server?.close()
    this.#folder.close({ brokerEpoch: -1n })
  }

  #becomeActive(): void {
    const { clock, brokersAreDown } = this.#options
    const nowMs = clock.nowMs()
    for (const { record, offset, leaderEpoch } of this.#log.records())
      this.#controller.replay(record, offset, leaderEpoch)
    const isEmpty = this.#log.endOffset === 0n
    this.#log.lead(nowMs)
    if (isEmpty) this.#commit(this.#controller.bootstrapRecords(), nowMs)
    const sessionMs = this.#controller.settings().brokerSessionTimeoutMs
    this.#controller.activate(brokersAreDown ? nowMs - sessionMs - 1 : nowMs)
    this.#tick()
  }

  async #listen(): Promise<void> {
    const { network, address, clock } = this.#options
    const apis = controllerApis({
      controller: this.#controller,
      log: this.#log,
      waitingFetches: this.#waitingFetches,
      clock,
      handle: (context, run) => this.#handle(context, run),
    })
    this.#server = await NodeServer.listen({
      network,
      address,
      dispatcher: new Dispatcher({ apis, nowMs: () => clock.nowMs() }),
      nowMs: () => clock.nowMs(),
      requestBytesMax: REQUEST_BYTES_MAX,
    })
    this.#server.serve()
  }

  /** The one order in which anything changes: handle, append and flush, replay, then answer. */
  #handle<R>(context: RequestContext, run: (context: CoreContext) => Handled<R>): R {
    const { nowMs, apiVersion } = context
    const { records, response } = run({ nowMs, apiVersion, nextOffset: this.#log.endOffset })
    this.#commit(records, nowMs)
    this.#schedule()
    return response
  }

  #commit(records: readonly MetadataRecord[], nowMs: number): void {
    if (records.length === 0) return
    const baseOffset = this.#log.append(records, nowMs)
    records.forEach((record, index) => {
      this.#controller.replay(record, baseOffset + BigInt(index), this.#log.leaderEpoch)
    })
    this.#waitingFetches.interrupt(this.#log)
  }

  /** Fences brokers that fell silent, until none is overdue. */
  #tick(): void {
    const nowMs = this.#options.clock.nowMs()
    for (;;) {
      const records = this.#controller.tick(nowMs)
      if (records.length === 0) break
      this.#commit(records, nowMs)
    }
    this.#schedule()
  }

  #schedule(): void {
    this.#cancelTimer()
    const deadlineMs = this.#controller.nextDeadlineMs()
    if (deadlineMs === null) this.#cancelTimer = () => {}
    else this.#cancelTimer = this.#options.clock.at(deadlineMs, () => this.#tick())
  }
}
