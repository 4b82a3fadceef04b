import { type ReceivedMessage, topics } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { FetchedRecord, PartitionName, TopicPartition } from "../broker.ts";
import { countRecords } from "../outbox.ts";
import { type Arrival, readRecord, type UnreadableRecord } from "./arrival.ts";
import {
  deleteWaiting,
  insertDeadLetters,
  insertWaiting,
  loadKeyStates,
  saveOffsets,
  saveKeyStates,
  updateWaits,
  type WaitingRow,
} from "./inbox.ts";
import { type GapContext, type Loss, settleMarks } from "./gaps.ts";
import type { SequenceGap, Plan, PlanOptions, KeyState } from "./plan.ts";

/** The settings that all transactions of a consumer share. */
export type ConsumerContext = PlanOptions &
  GapContext & {
    readonly wanted: ReadonlySet<string> | undefined;
    /** See `ConsumerOptions`. */
    readonly ignores?: ((timeline: string, topic: string) => boolean) | undefined;
    readonly apply: (tx: Tx, events: readonly ReceivedMessage[]) => Promise<void>;
    /** Handles the events of `topics.gap`, which never reach the service's `apply`. */
    readonly answer?: (tx: Tx, questions: readonly ReceivedMessage[]) => Promise<void>;
  };

/** The effects that the consumer reports after the commit of a transaction. */
export type TransactionEffects = {
  readonly events: readonly ReceivedMessage[];
  readonly gaps: readonly SequenceGap[];
  readonly losses: readonly Loss[];
  /** Partitions in which the owner of the topic has confirmed every key. */
  readonly confirmed: readonly PartitionName[];
  readonly dead: readonly UnreadableRecord[];
  readonly held: number;
};

/** The slices that a transaction has read to their ends, and their records with invalid headers. */
type FinishedSlices = {
  readonly slices?: readonly (TopicPartition & { readonly nextOffset: number })[];
  readonly unreadable?: readonly UnreadableRecord[];
};

/**
 * Applies the ready records of a plan and saves its results. The function needs one round trip to Postgres in addition
 * to the round trips of `apply`.
 */
export async function applyPlan(
  tx: Tx,
  context: ConsumerContext,
  plan: Plan,
  { slices = [], unreadable = [] }: FinishedSlices = {},
): Promise<TransactionEffects> {
  const { ready, parked, gaps, advanced } = plan;
  const [questions, events] = split(
    ready.flatMap(({ event }) => event ?? []),
    ({ topic }) => topic === topics.gap,
  );
  if (questions.length > 0) await context.answer?.(tx, questions);
  if (events.length > 0) await context.apply(tx, events);
  const keyStates = plan.keyStates();
  const held = plan.held();
  const [heldRows, heldNow] = split(held, ({ arrival }) => arrival.waitingId !== undefined);
  const [faulty, read] = split(ready, ({ fault }) => fault !== undefined);
  const dead = [...unreadable, ...faulty.map(toUnreadable)];
  const released = ready.flatMap(({ waitingId }) => waitingId ?? []);
  await Promise.all([
    slices.length > 0 && saveOffsets(tx, slices),
    keyStates.length > 0 && saveKeyStates(tx, keyStates),
    countRecords(
      tx,
      "applied",
      read.map(({ envelope }) => envelope),
    ),
    heldNow.length + parked.length > 0 && insertWaiting(tx, heldNow, parked),
    heldRows.length > 0 && updateWaits(tx, heldRows),
    released.length > 0 && deleteWaiting(tx, released),
    dead.length > 0 && insertDeadLetters(tx, dead),
    settleMarks(tx, context, advanced, gaps),
  ]);
  return { events, gaps, losses: [], confirmed: [], dead, held: held.length };
}

/** Returns the keys whose states the plan needs for these records: the keys of the records and of their causes. */
export function keysToLoad(
  arrivals: readonly Arrival[],
  plan: Plan,
  reads: ReadonlySet<string>,
): { topic: string; key: string }[] {
  const topicKeys: { topic: string; key: string }[] = [];
  const add = ({ topic, key }: { readonly topic: string; readonly key: string }): void => {
    if (reads.has(topic) && plan.needsLoading(topic, key)) topicKeys.push({ topic, key });
  };
  for (const { envelope } of arrivals) {
    add(envelope);
    envelope.after?.forEach(add);
  }
  return topicKeys;
}

/** Loads the stored states of the keys of these records and of their causes into the plan. */
export async function loadKeys(
  tx: Tx,
  plan: Plan,
  arrivals: readonly Arrival[],
  reads: ReadonlySet<string>,
): Promise<void> {
  const topicKeys = keysToLoad(arrivals, plan, reads);
  if (topicKeys.length > 0) setKeyStates(plan, topicKeys, await loadKeyStates(tx, topicKeys));
}

/**
 * Adds the loaded states of these keys to the plan. If a key has no stored state, the consumer has read no record of
 * that key.
 */
export function setKeyStates(
  plan: Plan,
  topicKeys: readonly { topic: string; key: string }[],
  stored: readonly KeyState[],
): void {
  for (const { topic, key } of topicKeys) plan.setKeyState({ topic, key, seen: 0, applied: 0 });
  for (const keyState of stored) plan.setKeyState(keyState);
}

/** Returns the record of a row of inbox_waiting. */
export function fromRow(row: WaitingRow, wanted: ReadonlySet<string> | undefined): Arrival {
  const { id, topic, partition, key, sequence, timeline, body } = row;
  const headers = JSON.parse(row.headers) as Record<string, string>;
  const record: FetchedRecord = { topic, partition, key, headers, offset: 0, timestamp: 0, value: body ?? undefined };
  const arrival = readRecord(record, wanted, id);
  if ("envelope" in arrival) return arrival;
  // Another version of Crossline saved this row and accepted its headers, but this version refuses them. The record
  // keeps its place among the records of its key, and becomes a dead letter when it is applied.
  const envelope = { id: `${topic}/${key}/${sequence}`, topic, partition, key, sequence, timeline, type: "", time: 0 };
  return { envelope, fault: arrival.fault, record, waitingId: id };
}

function toUnreadable({ record, fault = "", envelope }: Arrival): UnreadableRecord {
  return { record, fault, timeline: envelope.timeline };
}

function split<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const groups = Map.groupBy(items, belongs);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}
