/**
 * The few things that are done to the tree of a parsed expression. The library declares only what
 * it parses; what macros become (`meta.alternate`) is part of its tree too, and checked by the tests
 * here, since a new version may shape it otherwise.
 */
import { AssertionError } from '../../engine/support/assert.ts'
import type { ASTNode } from '@marcbachmann/cel-js'

interface TreeNode {
  readonly op: string
  args: unknown
  readonly meta?: { readonly alternate?: TreeNode; readonly macro?: unknown }
}

interface Comprehension {
  readonly iterVarName: string
  condition?: (accumulated: unknown) => boolean
}

/** Calls `turn` before each turn of a macro that goes over a list or a map. */
export function guardMacros(tree: ASTNode, turn: () => void): void {
  let macros = 0
  visit(tree, node => {
    if (node.op === 'rcall' && isLoop((node.args as [string])[0])) macros++
    if (node.op !== 'comprehension') return
    macros--
    const comprehension = node.args as Comprehension
    const { condition } = comprehension
    comprehension.condition = accumulated => {
      turn()
      return condition?.(accumulated) ?? true
    }
  })
  if (macros > 0) throw new AssertionError('every macro of an expression is guarded')
}

/** Before the check, which looks names up. */
export function renameCalls(tree: ASTNode, from: string, to: string): void {
  visit(tree, node => {
    if (node.op !== 'rcall') return
    const args = node.args as [string, ...unknown[]]
    if (args[0] === from) args[0] = to
  })
}

/** Every name that stands for a value; those of macros are among them. */
export function namesIn(tree: ASTNode): readonly string[] {
  const names = new Set<string>()
  visit(tree, node => {
    if (node.op === 'id') names.add(node.args as string)
  })
  return [...names]
}

const LOOPS = ['all', 'exists', 'exists_one', 'map', 'filter']

function isLoop(name: string): boolean {
  return LOOPS.includes(name)
}

function visit(tree: unknown, look: (node: TreeNode) => void): void {
  const seen = new Set<object>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const each of value) walk(each)
      return
    }
    if (!isNode(value)) {
      // The parts of a comprehension and of a macro: nodes by name.
      for (const each of Object.values(value)) if (isNode(each)) walk(each)
      return
    }
    look(value)
    walk(value.args)
    walk(value.meta?.alternate)
    walk(value.meta?.macro)
  }
  walk(tree)
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}
