/** The members of one group, who come and go. */
import type { SeededRandom } from './seeded-random.ts'
import { SimulatedMember } from './simulated-member.ts'
import type { World } from './world.ts'

const MEMBERS_MAX = 4

export class SimulatedGroup {
  readonly groupId: string
  readonly #world: World
  readonly #random: SeededRandom
  readonly #members: SimulatedMember[] = []
  #started = 0

  constructor(world: World, groupId: string, memberCount: number) {
    this.groupId = groupId
    this.#world = world
    this.#random = world.random.stream(groupId)
    world.group(groupId)
    for (let count = 0; count < memberCount; count++) this.#add()
  }

  async run(): Promise<void> {
    while (!this.#world.isEnding) {
      await this.#world.time.sleep(this.#random.between(1_000, 8_000))
      if (this.#world.isEnding) return
      const alive = this.#alive()
      const choice = this.#random.integer(3)
      if (alive.length < MEMBERS_MAX && choice === 0) this.#add()
      else if (alive.length > 1 && choice === 1) this.#random.pick(alive).crash()
      else if (alive.length > 1) await this.#random.pick(alive).leave()
    }
  }

  /** Every partition has one owner among the living, and its records are read to the end. */
  get isSettled(): boolean {
    return this.#unread().length === 0 && this.#unowned().length === 0
  }

  complaint(): string {
    return (
      `group ${this.groupId}: not owned once: ${this.#unowned().join(', ') || 'none'}, ` +
      `not read to the end: ${this.#unread().join(', ') || 'none'}`
    )
  }

  close(): void {
    for (const member of this.#alive()) member.crash()
  }

  #alive(): SimulatedMember[] {
    return this.#members.filter(({ isStopped }) => !isStopped)
  }

  #add(): void {
    const name = `${this.groupId}-m${this.#started++}`
    const member = new SimulatedMember(this.#world, name, this.groupId)
    this.#members.push(member)
    member.run().catch((error: unknown) => this.#world.fail(error))
  }

  #unowned(): string[] {
    const owned = this.#alive().flatMap(member => member.owned ?? [])
    return this.#partitions()
      .filter(partition => owned.filter(each => each === partition).length !== 1)
      .map(({ name }) => name)
  }

  /** What was committed last may lie before a power cut: then nothing is promised. */
  #unread(): string[] {
    const group = this.#world.group(this.groupId)
    return this.#partitions().flatMap(partition => {
      if (partition.deletionAsked || partition.losses > 0) return []
      for (let offset = 0n; offset < partition.highWatermark; offset++)
        if (!group.isProcessed(partition.name, offset)) return [`${partition.name}@${offset}`]
      return []
    })
  }

  #partitions() {
    return this.#world.stableTopics().flatMap(topic => topic.partitions)
  }
}
