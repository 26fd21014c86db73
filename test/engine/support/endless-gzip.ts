/** A thread that does nothing but decompress, until it is ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { gzip, holdEndsOff } from '../../../engine/protocol/records/native.ts'
import type { EndCell } from '../../../engine/support/thread-end.ts'

holdEndsOff(workerData as EndCell)
const packed = gzip.compress(Buffer.alloc(200))
parentPort!.postMessage('begins')
for (;;) gzip.decompress(packed, 1_000)
