/** What kind of group it is: how it is coordinated, and who uses it where that says more. */
import type { GroupSummary } from '../../../src-main/contract/model/group.ts'

export function typeText({ type, protocolType }: Pick<GroupSummary, 'type' | 'protocolType'>) {
  return [...new Set([type, protocolType])].filter(Boolean).join(' · ')
}
