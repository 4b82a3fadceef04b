export type * from "./broker.ts";
export type { LostOffsets } from "./start-offset.ts";
export { partitionName, partitionOf } from "./partition.ts";
export { kafkaBroker } from "./kafka/broker.ts";
export { type KafkaConnection, type KafkaOptions, kafkajsConnection } from "./kafka/client.ts";
export {
  type ForeignRule,
  type RightsDifference,
  type UserFilter,
  type UserRight,
  applyKafkaRights,
  compareKafkaRights,
} from "./kafka/rights.ts";
export { applyRightsOfServices, isServiceUser, rightsOf, serviceOwners } from "./kafka/service-rights.ts";
export { listScramUsers } from "./kafka/scram-users.ts";
export { KafkaRefusedError, describeRefusal } from "./kafka/fault.ts";
export { memoryBroker } from "./memory/broker.ts";
export type { MemoryOptions } from "./memory/broker.ts";
export { type InstallationDeps, checkInstallation, saveInstallation } from "./installation.ts";
export { RecordTooLargeError } from "./record-size.ts";
export { fromWire, toWire } from "./wire.ts";
export type { Envelope, WireResult } from "./wire.ts";
export { findMarkedKeys } from "./consumer/gaps.ts";
export type { GapOptions, KeyHeadReader } from "./consumer/heads.ts";
export { type Consumer, type ConsumerOptions, startConsumer } from "./consumer/consumer.ts";
export { type SeenKey, listSeen, readSeen } from "./consumer/seen.ts";
export type { KeyHeadFinder } from "./confirmation.ts";
export { forgetKeys } from "./consumer/forget-keys.ts";
export { resetInbox } from "./consumer/reset.ts";
export type { ConsumerMetrics } from "./consumer/transaction-runner.ts";
export { registerMessageCounters, registerMessageGauges } from "./metrics.ts";
export { addMessagingChecks, brokerSilenceMaxMs } from "./health.ts";
export { type TimelineCounts, countTimeline } from "./counts.ts";
export { type DeadLetter, listDeadLetters, retryDeadLetter } from "./dead-letters.ts";
export { appendToOutbox, oldestInOutbox, outboxDepth } from "./outbox.ts";
export { listParkedCases, type ParkedCase, retryParkedCase } from "./parked.ts";
export {
  type DeleteTimelineRows,
  deleteRemovedTimelines,
  saveRemovedTimelines,
  removalKey,
} from "./removed-timelines.ts";
export { redactKey } from "./redact-key.ts";
export { type Relay, type RelayMetrics, type RelayOptions, startRelay } from "./relay.ts";
