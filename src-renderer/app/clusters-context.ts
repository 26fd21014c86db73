import { createContext } from 'react'
import type { ClusterSummary } from '../../src-main/contract/model/cluster.ts'

export const ClustersContext = createContext<readonly ClusterSummary[]>([])
