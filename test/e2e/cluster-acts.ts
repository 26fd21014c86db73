/** What several page tests do to a cluster of three brokers. */
import type { Page } from '@playwright/test'
import type { RunningApplication } from './application.ts'

/** On a page that lists the node. */
export async function actOnNode(page: Page, id: string, act: string): Promise<void> {
  await page.getByRole('button', { name: `Acts on node ${id}`, exact: true }).click()
  await page.getByRole('menuitem', { name: act }).click()
}

/** The replicas of each partition, by their brokers. */
export async function createAssigned(
  { kafka }: RunningApplication,
  topic: string,
  assignment: readonly (readonly number[])[],
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const replicaAssignment = assignment.map((replicas, partition) => ({
    partition,
    replicas: [...replicas],
  }))
  await admin.createTopics({ topics: [{ topic, replicaAssignment }] })
  await admin.disconnect()
}

/** With a min ISR of 2. */
export async function createReplicated(
  { kafka }: RunningApplication,
  topic: string,
  numPartitions: number,
  replicationFactor = 3,
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
  await admin.createTopics({
    topics: [{ topic, numPartitions, replicationFactor, configEntries }],
  })
  await admin.disconnect()
}
