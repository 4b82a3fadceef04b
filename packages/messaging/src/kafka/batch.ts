import type { Batch, EachBatchPayload, IHeaders } from "kafkajs";
import { pause } from "../backoff.ts";
import { type FetchedBatch, type FetchedRecord, gatherMs } from "../broker.ts";
import { partitionName } from "../partition.ts";
import { handOut, handOutLoss } from "./assignment.ts";
import type { Assignment, AssignmentContext, OwnedPartition } from "./assignment.ts";

/** If a handler takes longer, its partition is paused until the handler ends, so that the other partitions continue. */
const slowMs = 1_000;
/** The maximum size of the batches that are fetched ahead. Above this size fetching pauses. */
const aheadBytesMax = 64 * 1024;

const lostMembership = [
  "REBALANCE_IN_PROGRESS",
  "NOT_COORDINATOR_FOR_GROUP",
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
];

/**
 * Handles a fetched batch of kafkajs. If the function returns without `resolveOffset`, kafkajs fetches the batch again.
 * Kafkajs fetches the next batches only when the handlers of all batches of a fetch have returned, so this function
 * never waits long.
 */
export async function takeBatch(
  context: AssignmentContext,
  assignment: Assignment,
  payload: EachBatchPayload,
  heartbeatMs: number,
): Promise<void> {
  const { batch } = payload;
  const owned = assignment.partitions.get(partitionName(batch.topic, batch.partition));
  if (owned === undefined) return;
  const membership = { payload, assignment, heartbeatMs };
  if ((await waitAsMember(assignment.ready, membership, Infinity)) === "ended" || payload.isStale()) return;
  while (owned.aheadBytes > aheadBytesMax) {
    const result = await waitAsMember(owned.delivery ?? owned.work ?? Promise.resolve(), membership, slowMs);
    if (result === "slow") setAside(owned, payload);
    if (result !== "done") return;
  }
  if (owned.fetchedTo === undefined || !isAtPosition(context, owned, batch)) return;
  await reportLoss(context, assignment, owned, batch);
  if (assignment.ending.aborted || payload.isStale()) return;

  const fetched = toFetched(batch, owned.fetchedTo);
  payload.resolveOffset(batch.lastOffset());
  if (fetched.records.length === 0) return;
  owned.fetchedTo = fetched.nextOffset;
  owned.aheadBytes += batch.messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  handOut(context, assignment.ending, owned, fetched);
  const isAtEnd = fetched.nextOffset >= fetched.highWatermark;
  if (isAtEnd) await pause(context.options.gatherMs ?? gatherMs, assignment.ending);
}

/**
 * Returns true if this batch begins at the position of the seek. Kafkajs itself drops batches that it fetched before a
 * seek. The check here is needed if the leader of the partition changes during the seek.
 */
function isAtPosition({ seek }: AssignmentContext, owned: OwnedPartition, batch: Batch): boolean {
  const fetchedFrom = Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
  const next = owned.fetchedTo ?? 0;
  if (!owned.settled && fetchedFrom > next) {
    seek(owned, next);
    owned.settled = true; // after a second seek: the records before this batch no longer exist
    return false;
  }
  owned.settled = true;
  return true;
}

/**
 * Reports lost records if kafkajs has skipped offsets. If the record at the position was deleted, kafkajs continues at
 * the first record that still exists. Kafkajs also continues at the first record if a topic was created again and ends
 * before the position. In a compacted topic, offsets can also be missing without a loss. A query for the first offset
 * of the partition therefore shows whether records are lost.
 */
async function reportLoss(
  context: AssignmentContext,
  assignment: Assignment,
  owned: OwnedPartition,
  batch: Batch,
): Promise<void> {
  const fetchedFrom = Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
  const high = Number(batch.highWatermark);
  const next = owned.fetchedTo ?? 0;
  if (high < next) handOutLoss(context, assignment, owned, { low: fetchedFrom, high });
  if (fetchedFrom <= next) return;
  const range = (await context.ranges([owned.topic])).get(partitionName(owned.topic, owned.partition));
  if (range === undefined || range.low <= next || owned.fetchedTo !== next) return;
  handOutLoss(context, assignment, owned, { low: Math.min(range.low, fetchedFrom), high });
}

type Membership = { readonly payload: EachBatchPayload; readonly assignment: Assignment; readonly heartbeatMs: number };

/**
 * Waits for work and keeps the membership alive. If a rebalance ends the assignment, throws an error, after which
 * kafkajs rejoins.
 */
async function waitAsMember(
  work: Promise<unknown>,
  { payload, assignment, heartbeatMs }: Membership,
  limitMs: number,
): Promise<"done" | "ended" | "slow"> {
  const startedAt = performance.now();
  for (;;) {
    const isDone = await settlesWithin(work, heartbeatMs, assignment.ending);
    if (assignment.ending.aborted || !payload.isRunning()) return "ended";
    if (isDone) return "done";
    try {
      await payload.heartbeat();
    } catch (error) {
      if (lostMembership.includes((error as { type?: string }).type ?? "")) assignment.end();
      throw error;
    }
    if (performance.now() - startedAt >= limitMs) return "slow";
  }
}

function settlesWithin(work: Promise<unknown>, ms: number, ending: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (isDone: boolean): void => {
      clearTimeout(timer);
      ending.removeEventListener("abort", onEnd);
      resolve(isDone);
    };
    const onEnd = (): void => finish(false);
    const timer = setTimeout(onEnd, ms);
    ending.addEventListener("abort", onEnd);
    if (ending.aborted) onEnd();
    work.then(
      () => finish(true),
      () => finish(true),
    );
  });
}

function setAside(owned: OwnedPartition, payload: EachBatchPayload): void {
  const resume = payload.pause();
  const resumeWhenIdle = (): void =>
    owned.work === undefined ? resume() : void owned.work.then(resumeWhenIdle, resumeWhenIdle);
  resumeWhenIdle();
}

function toFetched(batch: Batch, from: number): FetchedBatch {
  const { topic, partition } = batch;
  const records: FetchedRecord[] = [];
  for (const message of batch.messages) {
    const offset = Number(message.offset);
    if (offset < from) continue; // already delivered: after a failed heartbeat kafkajs fetched the batch again
    records.push({
      topic,
      partition,
      offset,
      key: message.key?.toString(),
      headers: toText(message.headers),
      timestamp: Number(message.timestamp),
      // The value is converted to text only on access, because most consumers of an import need only the headers.
      get value() {
        return message.value?.toString();
      },
    });
  }
  const nextOffset = Number(batch.lastOffset()) + 1;
  return { topic, partition, records, nextOffset, highWatermark: Number(batch.highWatermark) };
}

/** Returns the last value of each header as text. */
export function toText(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    // A header can lack a value, although the types of kafkajs do not say so.
    const lastText = last?.toString();
    if (lastText !== undefined) text[name] = lastText;
  }
  return text;
}
