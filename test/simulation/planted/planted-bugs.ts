/**
 * Bugs that replicated logs, quorums and coordinators are known for. Each is one change of a few
 * characters; DECISIONS.md says how many worlds it took to find it.
 */
import type { PlantedBug } from './planted-bug.ts'

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'high-watermark-of-committed-isr-only',
    file: 'replica/partition-leader.ts',
    find: `        follower.inIsr ||
        follower.joins ||
        (follower.isCaughtUp(this.#logEndOffset, nowMs, maxLagMs) && this.#isEligible(follower))`,
    replace: '        follower.inIsr',
  },
  {
    name: 'high-watermark-below-min-isr',
    file: 'replica/partition-leader.ts',
    find: 'if (this.#isr.length < this.effectiveMinIsr) return false',
    replace: '',
  },
  {
    name: 'isr-joined-below-epoch-start',
    file: 'replica/partition-leader.ts',
    find: 'follower.logEndOffset >= this.#epochStartOffset &&',
    replace: '',
  },
  {
    name: 'isr-joined-by-who-lags',
    file: 'replica/partition-leader.ts',
    find: `      follower.logEndOffset >= this.#highWatermark &&
      follower.logEndOffset >= this.#epochStartOffset &&
`,
    replace: '',
  },
  {
    name: 'no-truncation-on-divergence',
    file: 'replica/partition-follower.ts',
    find: 'return answer.divergingEpoch === null',
    replace: 'return answer.error !== null',
  },
  {
    name: 'stale-answer-appended',
    file: 'broker/replica-fetcher.ts',
    find: `    if (following === null || following.leaderEpoch !== told.currentLeaderEpoch) return
    if (log.logEndOffset !== told.fetchOffset) return
`,
    replace: '    if (following === null) return\n',
  },
  {
    name: 'leader-epoch-not-checked',
    file: 'broker/partition.ts',
    find: 'if (currentLeaderEpoch < 0 || currentLeaderEpoch === this.leaderEpoch) return',
    replace: 'return',
  },
  {
    name: 'leader-epoch-not-bumped',
    file: 'controller/image-entries.ts',
    find: 'leaderEpoch: leaderSet ? before.leaderEpoch + 1 : before.leaderEpoch',
    replace: 'leaderEpoch: before.leaderEpoch',
  },
  {
    name: 'acknowledged-before-the-isr-has-it',
    file: 'broker/handlers/produce.ts',
    find: 'const allReplicas = request.acks === ACKS_ALL',
    replace: 'const allReplicas = request.acks === 99',
  },
  {
    name: 'elected-outside-the-isr',
    file: 'controller/election.ts',
    find: 'electable.includes(id) && acceptable(id)',
    replace: 'acceptable(id)',
  },
  {
    name: 'unclean-shutdown-not-noticed',
    file: 'controller/broker-lifecycle.ts',
    find: 'const clean = before !== null && hasEnded(before, request)',
    replace: 'const clean = before !== null',
  },
  {
    name: 'vote-not-persisted',
    file: 'raft/raft-state.ts',
    find: 'store.write({ leaderEpoch, leaderId, votedFor })',
    replace: 'store.write({ leaderEpoch, leaderId, votedFor: null })',
  },
  {
    name: 'vote-in-a-known-epoch-not-persisted',
    file: 'raft/voting.ts',
    find: `    raft.votedFor = request.candidate
    saveElection(raft)
`,
    replace: '    raft.votedFor = request.candidate\n',
  },
  {
    name: 'two-votes-in-an-epoch',
    file: 'raft/voting.ts',
    find: 'return id === candidate.id && (directoryId === null || directoryId === candidate.directoryId)',
    replace: 'return id >= 0',
  },
  {
    name: 'vote-for-a-shorter-log',
    file: 'raft/voting.ts',
    find: 'return endOffset >= log.endOffset',
    replace: 'return endOffset >= 0n',
  },
  {
    name: 'metadata-acted-upon-before-its-commit',
    file: 'raft/leading.ts',
    find: 'return voter ? log.endOffset : (highWatermark ?? 0n)',
    replace: 'return voter || highWatermark !== null ? log.endOffset : 0n',
  },
  {
    name: 'old-epoch-committed-by-counting',
    file: 'raft/leading.ts',
    find: 'if (candidate <= role.epochStartOffset) return',
    replace: '',
  },
  {
    name: 'metadata-not-flushed',
    file: 'controller-node/metadata-log.ts',
    find: `    this.#flush()
    for (const { at } of wholeBatches(batches))`,
    replace: '    for (const { at } of wholeBatches(batches))',
  },
  {
    name: 'controller-answers-before-commit',
    file: 'controller-node/replicated-controller.ts',
    find: 'if (this.#isCommitted(endOffset)) return response',
    replace: 'if (endOffset >= 0n) return response',
  },
  {
    name: 'deposed-controller-keeps-what-it-decided',
    file: 'controller-node/replicated-controller.ts',
    find: 'if (this.#nextOffset > this.#highWatermark) this.#rebuild()',
    replace: '',
  },
  {
    name: 'coordinator-answers-before-commit',
    file: 'broker/group-service.ts',
    find: 'if (held.length === 0 && partition.highWatermark >= requiredOffset) this.#answer(outcome)',
    replace: 'if (held.length === 0 && partition.highWatermark >= 0n) this.#answer(outcome)',
  },
  {
    name: 'coordinator-not-reloaded',
    file: 'broker/group-service.ts',
    find: `      shard: new GroupShard({ config, random, timestampOf: nowMs => clock.timestampOf(nowMs) }),
      refuses: 'COORDINATOR_LOAD_IN_PROGRESS',
      cancelTimer: () => {},
      timerMs: Infinity,
    }
    this.#shards.set(partition.index, hosted)
    partition.onCommitted = () => this.#release(hosted)
`,
    replace: `      shard: this.kept?.get(partition.index) ?? new GroupShard({ config, random }),
      refuses: 'COORDINATOR_LOAD_IN_PROGRESS',
      cancelTimer: () => {},
      timerMs: Infinity,
    }
    this.#shards.set(partition.index, hosted)
    partition.onCommitted = () => this.#release(hosted)
    this.kept ??= new Map()
    if (this.kept.has(partition.index)) {
      hosted.refuses = null
      this.#conclude(hosted, hosted.shard.tick(this.#nowMs()))
      return
    }
    this.kept.set(partition.index, hosted.shard)
`,
  },
  {
    name: 'coordinator-loads-to-its-high-watermark',
    file: 'broker/group-service.ts',
    find: 'requiredOffset: log.logEndOffset,',
    replace: 'requiredOffset: partition.highWatermark,',
  },
  {
    name: 'controller-stops-and-goes-on-connecting',
    file: 'controller-node/quorum-peers.ts',
    find: '    peer.abandoned.abort()\n',
    replace: '',
  },
  {
    name: 'broker-stops-and-goes-on-connecting',
    file: 'broker/controller-channel.ts',
    find: '    opened?.abandoned.abort()\n',
    replace: '',
  },
  {
    name: 'stale-generation-commits',
    file: 'group/offset-commit.ts',
    find: "if (generationId !== group.generationId) return 'ILLEGAL_GENERATION'",
    replace: '',
  },
  {
    name: 'uncommitted-records-read',
    file: 'broker/handlers/fetch-reader.ts',
    find: 'return committedOnly ? partition.lastStableOffset : partition.highWatermark',
    replace: 'return committedOnly ? partition.lastStableOffset : partition.log.logEndOffset',
  },
  {
    name: 'sequences-not-checked',
    file: 'log/producer-state.ts',
    find: 'if (baseSequence !== expected)',
    replace: 'if (baseSequence < 0)',
  },
  {
    name: 'members-expire-by-the-wall-clock',
    file: 'group/membership.ts',
    find: 'memberId: member.memberId }, turn.nowMs, timeoutMs)',
    replace: 'memberId: member.memberId }, turn.timestampMs, timeoutMs)',
  },
  {
    name: 'brokers-expire-by-the-wall-clock',
    file: 'controller-node/replicated-controller.ts',
    find: `    const nowMs = clock.nowMs()
    for (;;) {`,
    replace: `    const nowMs = clock.timestampOf(clock.nowMs())
    for (;;) {`,
  },
  {
    name: 'follower-gives-what-is-not-committed',
    file: 'replica/partition-follower.ts',
    find: 'const known = highWatermark < logEndOffset ? highWatermark : logEndOffset',
    replace: 'const known = logEndOffset',
  },
  {
    name: 'offset-above-the-high-watermark-refused',
    file: 'log/partition-log.ts',
    find: 'if (fetchOffset < this.#logStartOffset || fetchOffset > this.#logEndOffset)',
    replace: 'if (fetchOffset < this.#logStartOffset || fetchOffset > upToOffset)',
  },
  {
    name: 'in-sync-replicas-throttled',
    file: 'broker/replication-throttle.ts',
    find: 'return named && !this.#inSync(partition, replicaId) ? rate : null',
    replace: 'return named ? rate : null',
  },
  {
    name: 'leader-counts-itself-before-its-flush',
    file: 'broker/replicas.ts',
    find: `    if (partition.log.flushIsDue) {
      this.#tellWhenFlushed(`,
    replace: `    if (partition.log.flushIsDue && nowMs < 0) {
      this.#tellWhenFlushed(`,
  },
  {
    name: 'follower-tells-before-its-flush',
    file: 'broker/replica-fetcher.ts',
    find: '    if (log.flushIsDue) this.#unflushed.add(partition)\n    if (applied',
    replace: '    if (applied',
  },
]
