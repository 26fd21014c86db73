/** The types of `produce.start`, named as the panel uses them. */
import type { ApplicationApi } from '../../src-main/contract/api.ts'
import type { InputOf } from '../../src-main/contract/define.ts'

export type ProduceApiStart = InputOf<ApplicationApi, 'produce.start'>
export type RunInput = ProduceApiStart['run']
