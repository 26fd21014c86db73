/**
 * Fetch (key 1) reads record batches: consumers, followers and the voters of the metadata log use
 * it.
 *
 * Versions: 4 adds isolation levels. 5 adds log start offsets. 6 may answer KAFKA_STORAGE_ERROR. 7
 * adds fetch sessions (KIP-227). 9 fences by leader epoch (KIP-320). 10 allows zstd (KIP-110). 11
 * lets a consumer read from a follower (KIP-392). 12 is flexible and finds diverging logs by the
 * last fetched epoch (KIP-595). 13 names topics by id (KIP-516). 14 may answer
 * OFFSET_MOVED_TO_TIERED_STORAGE (KIP-405). 15 fences followers by broker epoch (KIP-903). 16
 * tells the new leader's address (KIP-951). 17 adds directory ids (KIP-853). 18 adds the high
 * watermark that the replica knows (KIP-1166).
 */
import {
  array,
  int16,
  int32,
  int64,
  int8,
  message,
  nullableArray,
  nullableString,
  records,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const fetchRequest = message({
  name: 'FetchRequest',
  apiKey: 1,
  versions: [4, 18],
  flexibleSince: 12,
  fields: {
    // Sent to voters of the metadata log, which refuse another cluster.
    clusterId: nullableString({ since: 12, tag: 0, ignorable: true }),
    // -1 for a consumer.
    replicaId: int32({ until: 14, default: -1 }),
    // From version 15 on, the replica that fetches; a consumer leaves it out.
    replicaState: struct(
      {
        replicaId: int32({ default: -1 }),
        replicaEpoch: int64({ default: -1n }),
      },
      { since: 15, tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fff_ffff }),
    // 0 reads uncommitted records too, 1 only committed ones.
    isolationLevel: int8(),
    sessionId: int32({ since: 7, ignorable: true }),
    sessionEpoch: int32({ since: 7, ignorable: true, default: -1 }),
    topics: array(
      struct({
        topic: string({ until: 12, ignorable: true }),
        topicId: uuid({ since: 13, ignorable: true }),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32({ since: 9, ignorable: true, default: -1 }),
            fetchOffset: int64(),
            lastFetchedEpoch: int32({ since: 12, default: -1 }),
            // -1 from consumers.
            logStartOffset: int64({ since: 5, ignorable: true, default: -1n }),
            partitionMaxBytes: int32(),
            replicaDirectoryId: uuid({ since: 17, tag: 0, ignorable: true }),
            // What the replica knows; the largest offset where it does not say.
            highWatermark: int64({
              since: 18,
              tag: 1,
              ignorable: true,
              default: 9_223_372_036_854_775_807n,
            }),
          }),
        ),
      }),
    ),
    forgottenTopicsData: array(
      struct({
        topic: string({ until: 12, ignorable: true }),
        topicId: uuid({ since: 13, ignorable: true }),
        partitions: array(int32()),
      }),
      { since: 7 },
    ),
    rackId: string({ since: 11, ignorable: true }),
  },
})
export type FetchRequest = Infer<typeof fetchRequest>

export const fetchResponse = message({
  name: 'FetchResponse',
  apiKey: 1,
  versions: [4, 18],
  flexibleSince: 12,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 7, ignorable: true }),
    sessionId: int32({ since: 7 }),
    responses: array(
      struct({
        topic: string({ until: 12, ignorable: true }),
        topicId: uuid({ since: 13, ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            highWatermark: int64(),
            lastStableOffset: int64({ default: -1n }),
            logStartOffset: int64({ since: 5, ignorable: true, default: -1n }),
            // Set where the fetched offset and epoch are not of the leader's log (KIP-595).
            divergingEpoch: struct(
              {
                epoch: int32({ default: -1 }),
                endOffset: int64({ default: -1n }),
              },
              { since: 12, tag: 0 },
            ),
            currentLeader: struct(
              {
                leaderId: int32({ default: -1 }),
                leaderEpoch: int32({ default: -1 }),
              },
              { since: 12, tag: 1 },
            ),
            snapshotId: struct(
              {
                endOffset: int64({ default: -1n }),
                epoch: int32({ default: -1 }),
              },
              { since: 12, tag: 2 },
            ),
            abortedTransactions: nullableArray(
              struct({
                producerId: int64(),
                firstOffset: int64(),
              }),
            ),
            preferredReadReplica: int32({ since: 11, default: -1 }),
            records: records(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: nullableString(),
      }),
      { since: 16, tag: 0 },
    ),
  },
})
export type FetchResponse = Infer<typeof fetchResponse>
