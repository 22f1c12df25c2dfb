/**
 * The error codes of Kafka's protocol that are distinguished here.
 * Source: https://kafka.apache.org/protocol.html#protocol_error_codes.
 */
export const code = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  leaderMissing: 5,
  notLeader: 6,
  timedOut: 7,
  messageTooLarge: 10,
  coordinatorLoading: 14,
  coordinatorMissing: 15,
  notCoordinator: 16,
  recordListTooLarge: 18,
  illegalGeneration: 22,
  unknownMember: 25,
  topicUnauthorized: 29,
  invalidTimestamp: 32,
  topicExists: 36,
  notController: 41,
  policyViolation: 44,
  invalidProducerEpoch: 47,
  concurrentTransactions: 51,
  storage: 56,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetMissing: 78,
  invalidRecord: 87,
  unstableOffsets: 88,
  producerFenced: 90,
  unknownTopicId: 100,
  inconsistentTopicId: 103,
  fencedMemberEpoch: 110,
  staleMemberEpoch: 113,
} as const;

const passing: ReadonlySet<number> = new Set([
  code.leaderMissing,
  code.notLeader,
  code.timedOut,
  code.coordinatorLoading,
  code.coordinatorMissing,
  code.notCoordinator,
  code.notController,
  code.storage,
  code.fencedLeaderEpoch,
  code.unknownLeaderEpoch,
  code.offsetMissing,
  code.unstableOffsets,
  code.concurrentTransactions,
]);

/** Whether asking again, after looking for the leader or coordinator once more, may succeed. */
export function isPassing(error: number): boolean {
  return passing.has(error);
}

/** The error's name where it is known here, for messages. */
export function nameOf(error: number): string {
  const found = Object.entries(code).find(([, value]) => value === error);
  return found === undefined ? `error ${error}` : `${found[0]} (${error})`;
}
