import type { Tx } from "@crossline/postgres";
import { loadRequestedRetries } from "../parked-rows.ts";
import type { Arrival } from "./arrival.ts";
import { reasonOf } from "./fault-text.ts";
import type { Portion } from "./portion.ts";
import {
  type OwnedPartitions,
  type TransactionResult,
  type RowPortion,
  park,
  releaseRows,
  retryRows,
} from "./transactions.ts";
import type { LoopContext } from "./loop-context.ts";

/** Releases held rows whose causes this member or another member has applied in the meantime. */
export async function releaseHeldRows(loop: LoopContext): Promise<void> {
  const { context, ownership, waiting } = loop;
  const { releasePortion: portion } = waiting;
  waiting.mayHold = false; // the code below or a concurrent claim can set `mayHold` again
  const done = await tryRows(loop, ownership.claims(), portion, (tx, rows) => releaseRows(tx, context, rows));
  if (done?.holdsMore !== false) waiting.mayHold = true;
  if (done === undefined) return;
  if (done.released > 0) waiting.releaseSoon();
  else waiting.releaseLater();
  if (done.released === 0 && loop.portion.isWhole()) waiting.careful = false;
}

/** Retries the parked cases for which an operator has requested a retry. */
export async function retryParkedRows(loop: LoopContext): Promise<void> {
  const { database, context, ownership, waiting, signal } = loop;
  const { retryPortion: portion } = waiting;
  waiting.retryLater();
  const partitions = [...new Set(ownership.claims().map(({ partition }) => partition))];
  if (partitions.length === 0) return;
  const requested = await loadRequestedRetries(database, partitions).catch(() => []); // the next pass, a second later, retries
  for (const { key, partition } of requested) {
    if (signal.aborted) return;
    const claims = ownership.claims(partition);
    const done = await tryRows(loop, claims, portion, (tx, rows) => retryRows(tx, context, key, rows));
    if (done === undefined || done.more) waiting.retrySoon();
    if ((done?.held ?? 0) > 0) waiting.mayHold = true;
    waiting.releaseSoon(); // rows of other cases can wait for a record of this case
  }
}

async function tryRows<T extends TransactionResult>(
  { runner, waiting, context }: LoopContext,
  claims: OwnedPartitions,
  portion: Portion,
  run: (tx: Tx, rows: RowPortion) => Promise<T>,
): Promise<T | undefined> {
  let rows: readonly Arrival[] = [];
  const onTaken = (taken: readonly Arrival[]): void => void (rows = taken);
  const outcome = await runner.run((tx) => run(tx, { claims, limit: portion.size(), onTaken }));
  if (outcome === "later") {
    waiting.mayHold = true; // after a transient fault the outcome is unknown
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
  else if (first === undefined) await runner.reportStuck(outcome.fault);
  else {
    const reason = reasonOf(outcome.fault);
    const parked = await runner.run((tx) => park(tx, context, claims, { arrival: first, reason, slice: undefined }));
    if (parked !== "later" && "done" in parked) runner.reportParked(first, outcome.fault);
    else if (parked !== "later") await runner.reportStuck(parked.fault);
  }
  return undefined;
}
