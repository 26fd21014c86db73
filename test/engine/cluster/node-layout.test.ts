import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { layOut, type LayoutWish } from '../../../engine/cluster/node-layout.ts'
import { OperationalError } from '../../../engine/support/operational-error.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const wish = (wished: Partial<LayoutWish> = {}): LayoutWish => {
  return { dataDir: folder, brokers: 3, controllers: null, combined: null, ...wished }
}

describe('the nodes of a new cluster', () => {
  test('are brokers from 1 and three controllers from 3000, or as many as asked for', () => {
    expect(layOut(wish())).toEqual({
      brokerIds: [1, 2, 3],
      controllerIds: [3000, 3001, 3002],
    })
    expect(layOut(wish({ controllers: 1 })).controllerIds).toEqual([3000])
    expect(layOut(wish({ controllers: 5 })).controllerIds).toHaveLength(5)
  })

  test('have one id for both where they are combined', () => {
    expect(layOut(wish({ controllers: 1, combined: true }))).toEqual({
      brokerIds: [1, 2, 3],
      controllerIds: [1],
    })
    expect(layOut(wish({ combined: true, brokers: 5 })).controllerIds).toEqual([1, 2, 3])
    expect(layOut(wish({ combined: true, brokers: 2 })).controllerIds).toEqual([1, 2])
  })

  test.each([
    [{ brokers: 0 }, '0 brokers: a cluster has 1 to 32'],
    [{ brokers: 33 }, '33 brokers: a cluster has 1 to 32'],
    [{ controllers: 0 }, '0 controllers: a cluster has 1 to 9'],
    [{ controllers: 10 }, '10 controllers: a cluster has 1 to 9'],
    [{ controllers: 3, combined: true, brokers: 2 }, 'there are 2 brokers'],
  ])('are refused for %j', (wished, words) => {
    expect(() => layOut(wish(wished))).toThrow(OperationalError)
    expect(() => layOut(wish(wished))).toThrow(words)
  })
})

describe('the nodes of a folder', () => {
  test('are those that it was made with, whatever a new one would get', () => {
    mkdirSync(join(folder, 'controller-3000'))
    expect(layOut(wish({ brokers: 2 }))).toEqual({ brokerIds: [1, 2], controllerIds: [3000] })
  })

  test('stay combined', () => {
    mkdirSync(join(folder, 'controller-1'))
    expect(layOut(wish())).toMatchObject({ controllerIds: [1] })
    expect(layOut(wish({ combined: true }))).toMatchObject({ controllerIds: [1] })
  })

  test('are not replaced by others that are asked for', () => {
    for (const id of [3000, 3001, 3002]) mkdirSync(join(folder, `controller-${id}`))
    expect(() => layOut(wish({ controllers: 1 }))).toThrow(
      `${folder}: this cluster has 3 controllers`,
    )
    expect(() => layOut(wish({ combined: true }))).toThrow('has 3 controllers')
  })
})
