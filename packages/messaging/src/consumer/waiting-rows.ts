import type { Tx } from "@crossline/postgres";
import { loadRequested } from "../parked-rows.ts";
import type { Arrival } from "./arrival.ts";
import { reasonOf } from "./fault.ts";
import type { Portion } from "./portion.ts";
import { type Claims, type Done, type RowPortion, park, releaseRows, replayRows } from "./transactions.ts";
import type { Work } from "./work.ts";

/** Releases held rows whose causes were applied meanwhile, here or by another member. */
export async function releaseHeldRows(work: Work): Promise<void> {
  const { reading, ownership, waiting } = work;
  const { releasePortion: portion } = waiting;
  waiting.mayHold = false; // set again below, or by a claim that comes meanwhile
  const done = await tryRows(work, ownership.claims(), portion, (tx, rows) => releaseRows(tx, reading, rows));
  if (done?.holdsMore !== false) waiting.mayHold = true;
  if (done === undefined) return;
  if (done.released > 0) waiting.releaseSoon();
  else waiting.releaseLater();
  if (done.released === 0 && work.portion.isWhole()) waiting.careful = false;
}

/** Tries parked cases again for which that was asked. */
export async function replayParkedRows(work: Work): Promise<void> {
  const { database, reading, ownership, waiting, signal } = work;
  const { replayPortion: portion } = waiting;
  waiting.replayLater();
  const partitions = [...new Set(ownership.claims().map(({ partition }) => partition))];
  if (partitions.length === 0) return;
  const requested = await loadRequested(database, partitions).catch(() => []); // asked again in a second
  for (const { key, partition } of requested) {
    if (signal.aborted) return;
    const claims = ownership.claims(partition);
    const done = await tryRows(work, claims, portion, (tx, rows) => replayRows(tx, reading, key, rows));
    if (done === undefined || done.more) waiting.replaySoon();
    if ((done?.held ?? 0) > 0) waiting.mayHold = true;
    waiting.releaseSoon(); // others may have waited for this case
  }
}

async function tryRows<T extends Done>(
  { attempts, waiting, reading }: Work,
  claims: Claims,
  portion: Portion,
  run: (tx: Tx, rows: RowPortion) => Promise<T>,
): Promise<T | undefined> {
  let rows: readonly Arrival[] = [];
  const onTaken = (taken: readonly Arrival[]): void => void (rows = taken);
  const outcome = await attempts.run((tx) => run(tx, { claims, limit: portion.size(), onTaken }));
  if (outcome === "later") {
    waiting.mayHold = true; // the outcome is unknown
    portion.halve();
    return undefined;
  }
  if ("done" in outcome) {
    portion.grow();
    return outcome.done;
  }
  waiting.careful = true;
  const [first] = rows;
  if (rows.length > 1) portion.halve(rows.length);
  else if (first === undefined) await attempts.stuck(outcome.fault);
  else {
    const reason = reasonOf(outcome.fault);
    const parked = await attempts.run((tx) => park(tx, reading, claims, { arrival: first, reason, slice: undefined }));
    if (parked !== "later" && "done" in parked) attempts.tellParked(first, outcome.fault);
    else if (parked !== "later") await attempts.stuck(parked.fault);
  }
  return undefined;
}
