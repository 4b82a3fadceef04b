export * from "./broker.ts";
export { partitionName, partitionOf } from "./partition.ts";
export { kafkaBroker } from "./kafka/broker.ts";
export type { KafkaOptions } from "./kafka/client.ts";
export { memoryBroker } from "./memory/broker.ts";
export type { MemoryOptions } from "./memory/broker.ts";
export { RecordTooLargeError } from "./record-size.ts";
export { fromWire, toWire } from "./wire.ts";
export type { Envelope, Unwired } from "./wire.ts";
