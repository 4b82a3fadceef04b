import type { Arrival } from "./arrival.ts";
import { reasonOf } from "./fault-text.ts";
import type { Slice } from "./record-buffer.ts";
import { moveToDeadLetters, park, takeSlices } from "./transactions.ts";
import { skipDeletedCauses } from "./deleted-causes.ts";
import { releaseHeldRows, retryParkedRows } from "./waiting-rows.ts";
import { type LoopContext, type LoopContextOptions, createLoopContext } from "./loop-context.ts";

/**
 * Applies the records of the buffer, one transaction at a time, releases held rows and retries parked rows. After a
 * transient fault the loop retries the transaction until it succeeds. After a fault that is not transient, the loop
 * halves the batch until it finds the record that causes the fault. Then the loop parks the case of that record.
 */
export function startConsumerLoop(options: LoopContextOptions) {
  const { buffer, wakeup, signal } = options;
  const loop = createLoopContext(options);
  const { waiting } = loop;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // The partitions of one fetch arrive one after another. The loop waits until all these partitions have arrived,
      // which halves the number of transactions.
      await new Promise(setImmediate);
      if (!buffer.isEmpty()) await takeFromBuffer(loop);
      if (waiting.isReleaseDue()) {
        await releaseHeldRows(loop);
        if (waiting.mayHold) await skipDeletedCauses(loop);
      }
      if (waiting.isRetryDue()) await retryParkedRows(loop);
      if (buffer.isEmpty()) await wakeup.wait(waiting.nextMs(), signal);
    }
  }

  return {
    running: run(),
    transactionMs: loop.runner.runningMs,
    /** The member has claimed partitions, which can have waiting rows. */
    claimed(): void {
      waiting.mayHold = true;
      waiting.releaseSoon();
    },
    retrySoon(): void {
      waiting.retrySoon();
      wakeup.notify();
    },
  };
}

async function takeFromBuffer(loop: LoopContext): Promise<void> {
  const { runner, context, buffer, ownership, portion, waiting } = loop;
  const slices = buffer.peek(portion.size());
  const release = waiting.mayHold && !waiting.careful ? ownership.claims() : undefined;
  const outcome = await runner.run((tx) => takeSlices(tx, context, slices, release));
  if (outcome === "later") {
    waiting.mayHold = true; // after a transient fault the outcome is unknown
    portion.halve(); // the statement timeout may be the cause
    return;
  }
  if ("done" in outcome) {
    if (outcome.done.held > 0) waiting.mayHold = true;
    if (waiting.careful) waiting.releaseSoon();
    portion.grow();
    commit(loop, slices);
    return;
  }
  waiting.careful = true;
  const records = slices.reduce((sum, { arrivals, unreadable }) => sum + arrivals.length + unreadable.length, 0);
  const culprit = slices.find(({ arrivals }) => arrivals.length > 0);
  if (records > 1) portion.halve(records);
  else if (culprit?.arrivals[0] === undefined) await runner.reportStuck(outcome.fault);
  else await parkRecord(loop, culprit, culprit.arrivals[0], outcome.fault);
}

function commit({ ownership, buffer }: LoopContext, slices: readonly Slice[]): void {
  for (const slice of slices) if (ownership.token(slice) === slice.owner) ownership.moved(slice);
  buffer.settle(slices);
}

async function parkRecord(loop: LoopContext, slice: Slice, arrival: Arrival, fault: unknown): Promise<void> {
  const { runner, context } = loop;
  const reason = reasonOf(fault);
  const parked = await runner.run((tx) => park(tx, context, [slice], { arrival, reason, slice }));
  if (parked === "later") return;
  if ("done" in parked) {
    runner.reportParked(arrival, fault);
    commit(loop, [slice]);
    return;
  }
  const buried = await runner.run((tx) => moveToDeadLetters(tx, slice, arrival, reason));
  if (buried === "later") return;
  if ("done" in buried) commit(loop, [slice]);
  else await runner.reportStuck(buried.fault);
}
