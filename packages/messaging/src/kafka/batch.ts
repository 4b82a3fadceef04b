import type { Batch, EachBatchPayload, IHeaders } from "kafkajs";
import { pause } from "../backoff.ts";
import { type FetchedBatch, type FetchedRecord, gatherMs } from "../broker.ts";
import { partitionName } from "../partition.ts";
import { handOut, handOutLoss } from "./assignment.ts";
import type { Assignment, AssignmentContext, OwnedPartition } from "./assignment.ts";

/** A partition whose owner takes longer is set aside until it is done, so that the others go on. */
const slowMs = 1_000;
/** What may lie fetched behind the batch that is being handed out: then nothing more is asked for. */
const aheadBytesMax = 64 * 1024;

const lostMembership = [
  "REBALANCE_IN_PROGRESS",
  "NOT_COORDINATOR_FOR_GROUP",
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
];

/**
 * What kafkajs calls with every fetched batch. Returning without `resolveOffset` means "fetch this again". Kafkajs
 * fetches the next only when all batches of a fetch have returned, so this never waits long for anyone.
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
  const alive = { payload, assignment, heartbeatMs };
  if ((await waitAsMember(assignment.ready, alive, Infinity)) === "ended" || payload.isStale()) return;
  while (owned.aheadBytes > aheadBytesMax) {
    const before = await waitAsMember(owned.delivery ?? owned.work ?? Promise.resolve(), alive, slowMs);
    if (before === "slow") setAside(owned, payload);
    if (before !== "done") return;
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
 * Whether this batch is the one that the seek asked for. Kafkajs drops what was fetched before a seek; this is the second
 * lock on that door, for a partition that changes brokers in the same moment.
 */
function isAtPosition({ seek }: AssignmentContext, owned: OwnedPartition, batch: Batch): boolean {
  const fetchedFrom = Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
  const next = owned.fetchedTo ?? 0;
  if (!owned.settled && fetchedFrom > next) {
    seek(owned, next);
    owned.settled = true; // asked twice: what comes now is all there is
    return false;
  }
  owned.settled = true;
  return true;
}

/**
 * Kafkajs goes to the first record by itself where its position was deleted, or lies beyond a topic that was made again. Offsets
 * are also missing where a topic was compacted: so the broker is asked where the partition begins.
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

/** Waits for work and keeps the membership alive. A rebalance ends the assignment and is thrown: kafkajs then rejoins. */
async function waitAsMember(
  work: Promise<unknown>,
  { payload, assignment, heartbeatMs }: Membership,
  limitMs: number,
): Promise<"done" | "ended" | "slow"> {
  const begun = performance.now();
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
    if (performance.now() - begun >= limitMs) return "slow";
  }
}

function settlesWithin(work: Promise<unknown>, ms: number, ending: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (isDone: boolean): void => {
      clearTimeout(timer);
      ending.removeEventListener("abort", onEnd);
      resolve(isDone);
    };
    const onEnd = (): void => answer(false);
    const timer = setTimeout(onEnd, ms);
    ending.addEventListener("abort", onEnd);
    if (ending.aborted) onEnd();
    work.then(
      () => answer(true),
      () => answer(true),
    );
  });
}

function setAside(owned: OwnedPartition, payload: EachBatchPayload): void {
  const resume = payload.pause();
  const again = (): void => (owned.work === undefined ? resume() : void owned.work.then(again, again));
  again();
}

function toFetched(batch: Batch, from: number): FetchedBatch {
  const { topic, partition } = batch;
  const records: FetchedRecord[] = [];
  for (const message of batch.messages) {
    const offset = Number(message.offset);
    if (offset < from) continue; // handed out already, before a lost heartbeat made kafkajs fetch it again
    records.push({
      topic,
      partition,
      offset,
      key: message.key?.toString(),
      headers: toText(message.headers),
      timestamp: Number(message.timestamp),
      // Made text when it is asked for: of an import most readers want the headers alone.
      get value() {
        return message.value?.toString();
      },
    });
  }
  const nextOffset = Number(batch.lastOffset()) + 1;
  return { topic, partition, records, nextOffset, highWatermark: Number(batch.highWatermark) };
}

/** The last value of each header, as text. */
export function toText(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    // A header may have no value at all, which the types of kafkajs leave out.
    const known = last?.toString();
    if (known !== undefined) text[name] = known;
  }
  return text;
}
