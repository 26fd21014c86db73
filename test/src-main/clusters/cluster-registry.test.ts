import { expect, test } from 'vitest'
import type { Client } from '../../../engine/client/client.ts'
import { ClusterRegistry } from '../../../src-main/clusters/cluster-registry.ts'
import { ClusterTraffic } from '../../../src-main/clusters/cluster-traffic.ts'

const running = { state: 'running', bootstrap: '127.0.0.1:9092', problem: null } as const

test('a cluster is listed as it is now, and whoever listens hears of each change', () => {
  const clusters = new ClusterRegistry()
  let changes = 0
  const unlisten = clusters.onChange(() => (changes += 1))
  clusters.register(cluster('local'), { ...running, state: 'starting' })
  clusters.setStatus('local', running)
  clusters.setStatus('absent', running)
  expect(clusters.list()).toEqual([
    { id: 'local', name: 'local', kind: 'local', colour: '#2f7dd1', readOnly: false, ...running },
  ])
  unlisten()
  clusters.unregister('local')
  expect([clusters.list(), changes]).toEqual([[], 2])
})

test('leaving the registry closes the connection to the cluster', () => {
  let closed = 0
  const clusters = new ClusterRegistry()
  clusters.register(cluster('local', { close: () => (closed += 1) }), running)
  clusters.unregister('local')
  clusters.unregister('local')
  expect(closed).toBe(1)
})

test('an unknown cluster is NOT_FOUND, and a read-only one allows no change', () => {
  const clusters = new ClusterRegistry()
  clusters.register({ ...cluster('locked'), readOnly: true }, running)
  expect(clusters.get('locked').id).toBe('locked')
  expect(() => clusters.getForChange('locked')).toThrow('READ_ONLY: cluster locked is read-only')
  expect(() => clusters.get('absent')).toThrow('NOT_FOUND: no cluster is absent')
})

test('traffic is kept by broker and topic, the newest report of each', () => {
  const traffic = new ClusterTraffic()
  const report = (bytesIn: number) => {
    const counts = { recordsIn: 1, bytesIn, bytesOut: 7, produceRequests: 1, fetchRequests: 1 }
    return { atMs: 0, connectionCount: 1, byTopic: new Map([['orders', counts]]) }
  }
  traffic.report(1, report(100))
  traffic.report(2, report(50))
  traffic.report(1, report(300))
  expect(traffic.totals()).toEqual(
    new Map([
      ['1 orders', { topic: 'orders', recordsIn: 1, bytesIn: 300, bytesOut: 7 }],
      ['2 orders', { topic: 'orders', recordsIn: 1, bytesIn: 50, bytesOut: 7 }],
    ]),
  )
})

function cluster(id: string, client: { close?: () => void } = {}) {
  const kind = 'local' as const
  const connection = { close: () => {}, ...client } as Client
  return { id, name: id, kind, colour: '#2f7dd1', readOnly: false, client: connection }
}
