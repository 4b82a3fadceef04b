import { gapTypes } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { TopicPartition } from "../broker.ts";
import { partitionName } from "../partition.ts";
import { loadParked, markParked, requestNextRetry } from "../parked-rows.ts";
import { findRemovedTimelines } from "../removed-timelines.ts";
import type { Arrival } from "./arrival.ts";
import {
  holdsAny,
  insertDeadLetters,
  loadReleased,
  loadKeyStates,
  loadWaiting,
  lockPartitions,
  saveOffsets,
} from "./inbox.ts";
import { closeGaps, type Loss, recordLoss } from "./gaps.ts";
import { createPlan, type Plan } from "./plan.ts";
import type { Slice } from "./record-buffer.ts";
import {
  fromRow,
  setKeyStates,
  loadKeys,
  type ConsumerContext,
  type TransactionEffects,
  applyPlan,
  keysToLoad,
} from "./apply-plan.ts";

// The transactions of a consumer. Each transaction first locks its partitions, and changes nothing for partitions that
// another process owns.

/** The result of a transaction. `lost` lists the partitions that now have another owner. */
export type TransactionResult = TransactionEffects & { readonly lost: OwnedPartitions };

/** Partitions with the tokens under which this process owns them. */
export type OwnedPartitions = readonly (TopicPartition & { readonly owner: string })[];

/** The maximum number of held rows that one transaction releases. */
export const releasedMax = 2_000;

const noEffects: TransactionEffects = { events: [], gaps: [], losses: [], confirmed: [], dead: [], held: 0 };

/**
 * Applies records from the broker. If `release` is given, the transaction also applies the held rows of these
 * partitions that wait for the records. No other transaction then sees the effects of a cause without the effects of
 * the released rows.
 */
export async function takeSlices(
  tx: Tx,
  context: ConsumerContext,
  slices: readonly Slice[],
  release: OwnedPartitions | undefined,
): Promise<TransactionResult> {
  const plan = createPlan(context);
  const all = slices.flatMap(({ arrivals }) => arrivals.filter((arrival) => !isClosing(arrival)));
  const topicKeys = keysToLoad(all, plan, context.reads);
  const [checked, removed, keyStates, waiting] = await Promise.all([
    checkOwner(tx, [...slices, ...(release ?? [])]),
    // The query of removed timelines must run after the lock of the partitions. The deletion of a removed timeline
    // waits for the locks of transactions that did not see the removal.
    findRemovedTimelines(
      tx,
      all.map(({ envelope }) => envelope),
    ),
    loadKeyStates(tx, topicKeys),
    loadWaiting(tx, [...new Set(all.map(({ envelope }) => envelope.key))]),
  ]);
  setKeyStates(plan, topicKeys, keyStates);
  for (const { topic, key, upTo, parked } of waiting) plan.setWaiting(topic, key, upTo, parked);
  const ours = slices.filter(checked.isOurs);
  const losses = await recordLosses(tx, context, ours, checked.nextOffset);
  const closed: TopicPartition[] = [];
  for (const slice of ours) {
    for (const arrival of slice.arrivals) {
      if (isClosing(arrival)) closed.push(slice);
      else if (!removed.has(arrival.envelope.timeline)) plan.take(arrival);
    }
  }
  const partitions = release?.filter(checked.isOurs).map(({ partition }) => partition) ?? [];
  if (partitions.length > 0) await addReleasedRows(tx, context, plan, [...new Set(partitions)]);
  // The sequence shows whether a record is a duplicate. A record with invalid headers has no sequence, so its offset
  // decides.
  const unreadable = ours.flatMap((slice) => {
    const from = checked.nextOffset(slice) ?? 0;
    return slice.unreadable.filter(({ record }) => record.offset >= from || slice.nextOffset < from);
  });
  const effects = await applyPlan(tx, context, plan, { slices: ours, unreadable });
  if (closed.length > 0) await closeGaps(tx, closed);
  const confirmed = closed.map(({ topic, partition }) => partitionName(topic, partition));
  return { ...effects, losses, confirmed, lost: checked.lost };
}

function isClosing({ envelope }: Arrival): boolean {
  return envelope.type === gapTypes.closed;
}

/**
 * Saves each loss of these slices once. If the stored position is already after the loss, an earlier transaction has
 * saved the loss.
 */
async function recordLosses(
  tx: Tx,
  context: ConsumerContext,
  slices: readonly Slice[],
  positionOf: (place: TopicPartition) => number | null,
): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const slice of slices) {
    const { topic, partition, lost, nextOffset } = slice;
    if (lost === undefined || positionOf(slice) === nextOffset) continue;
    const loss = await recordLoss(tx, context, { topic, partition, ...lost });
    if (loss !== undefined) losses.push(loss);
  }
  return losses;
}

/** Adds the held rows that wait for the plan's ready records, then the rows that wait for the added rows, and so on. */
async function addReleasedRows(
  tx: Tx,
  context: ConsumerContext,
  plan: Plan,
  partitions: readonly number[],
): Promise<void> {
  const loaded: number[] = [];
  for (let left = releasedMax; left > 0;) {
    const rows = await loadReleased(tx, partitions, left, { applied: plan.keyStates(), inHand: loaded });
    if (rows.length === 0) return;
    const arrivals = rows.map((row) => fromRow(row, context.wanted));
    await loadKeys(tx, plan, arrivals, context.reads);
    plan.takeHeld(arrivals, rows.length < left);
    loaded.push(...rows.map(({ id }) => id));
    left -= rows.length;
  }
}

/** A portion of waiting rows. The transaction passes the rows to `onTaken` before it applies any of them. */
export type RowPortion = {
  readonly claims: OwnedPartitions;
  readonly limit: number;
  readonly onTaken: (arrivals: readonly Arrival[]) => void;
};

/** Releases held rows whose causes are stored, up to the portion's limit. */
export async function releaseRows(
  tx: Tx,
  context: ConsumerContext,
  { claims, limit, onTaken }: RowPortion,
): Promise<TransactionResult & { readonly released: number; readonly holdsMore: boolean }> {
  const checked = await checkOwner(tx, claims);
  const partitions = [...new Set(claims.filter(checked.isOurs).map(({ partition }) => partition))];
  const rows = await loadReleased(tx, partitions, limit);
  const arrivals = rows.map((row) => fromRow(row, context.wanted));
  onTaken(arrivals);
  const plan = createPlan(context);
  await loadKeys(tx, plan, arrivals, context.reads);
  plan.takeHeld(arrivals, rows.length < limit);
  const effects = rows.length === 0 ? noEffects : await applyPlan(tx, context, plan);
  return {
    ...effects,
    lost: checked.lost,
    released: rows.length,
    holdsMore: rows.length > 0 || (await holdsAny(tx, partitions)),
  };
}

/**
 * Retries the oldest rows of a parked case, up to the portion's limit. `more` is true if rows remain and their retry is
 * requested.
 */
export async function retryRows(
  tx: Tx,
  context: ConsumerContext,
  key: string,
  { claims, limit, onTaken }: RowPortion,
): Promise<TransactionResult & { readonly more: boolean }> {
  const checked = await checkOwner(tx, claims);
  if (checked.lost.length > 0) return { ...noEffects, lost: checked.lost, more: false };
  const rows = await loadParked(tx, key, limit);
  const arrivals = rows.map((row) => fromRow(row, context.wanted));
  onTaken(arrivals);
  const plan = createPlan(context);
  await loadKeys(tx, plan, arrivals, context.reads);
  for (const { topic, parked, upTo } of await loadWaiting(tx, [key])) {
    if (!parked) plan.setWaiting(topic, key, upTo, false);
  }
  plan.takeParked(arrivals);
  const effects = await applyPlan(tx, context, plan);
  const more = rows.length === limit && (await requestNextRetry(tx, key));
  return { ...effects, lost: [], more };
}

/**
 * Parks the case of a record that could not be applied. `slice` contains the record, and is undefined for a record from
 * inbox_waiting.
 */
export async function park(
  tx: Tx,
  context: ConsumerContext,
  claims: OwnedPartitions,
  { arrival, reason, slice }: { arrival: Arrival; reason: string; slice: Slice | undefined },
): Promise<TransactionResult> {
  const checked = await checkOwner(tx, claims);
  if (checked.lost.length > 0) return { ...noEffects, lost: checked.lost };
  const plan = createPlan(context);
  const { topic, key, sequence } = arrival.envelope;
  await loadKeys(tx, plan, [arrival], context.reads);
  plan.setWaiting(topic, key, sequence, true);
  if (slice !== undefined) plan.take(arrival);
  const effects = await applyPlan(tx, context, plan, { slices: slice === undefined ? [] : [slice] });
  await markParked(tx, arrival.envelope, reason);
  return { ...effects, lost: [] };
}

/** Moves a record whose case cannot be parked to the dead letters. */
export async function moveToDeadLetters(
  tx: Tx,
  slice: Slice,
  arrival: Arrival,
  fault: string,
): Promise<TransactionResult> {
  const checked = await checkOwner(tx, [slice]);
  if (checked.lost.length > 0) return { ...noEffects, lost: checked.lost };
  const dead = { record: arrival.record, fault, timeline: arrival.envelope.timeline };
  await Promise.all([insertDeadLetters(tx, [dead]), saveOffsets(tx, [slice])]);
  return { ...noEffects, dead: [dead], lost: [] };
}

async function checkOwner(tx: Tx, claims: OwnedPartitions) {
  const rows = await lockPartitions(tx, [...new Set(claims.map(({ partition }) => partition))]);
  const byName = new Map(rows.map((row) => [partitionName(row.topic, row.partition), row]));
  const rowOf = ({ topic, partition }: TopicPartition) => byName.get(partitionName(topic, partition));
  const isOurs = (claim: OwnedPartitions[number]): boolean => rowOf(claim)?.owner === claim.owner;
  return {
    isOurs,
    lost: claims.filter((claim) => !isOurs(claim)),
    nextOffset: (place: TopicPartition): number | null => rowOf(place)?.nextOffset ?? null,
  };
}
