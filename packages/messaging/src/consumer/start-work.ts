import type { Arrival } from "./arrival.ts";
import { reasonOf } from "./fault.ts";
import type { Slice } from "./queue.ts";
import { bury, park, takeSlices } from "./transactions.ts";
import { readPastUnreadable } from "./unreadable.ts";
import { releaseHeldRows, replayParkedRows } from "./waiting-rows.ts";
import { type Work, type WorkOptions, createWork } from "./work.ts";

/**
 * Takes the records of the queue, one transaction at a time, releases held rows and replays parked ones. A transaction that
 * fails by a passing fault is retried until it succeeds. A record that fails by its own is found by halving, and parked.
 */
export function startWork(options: WorkOptions) {
  const { queue, bell, signal } = options;
  const work = createWork(options);
  const { waiting } = work;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // The partitions of one fetch are handed over one after another: a moment later they are all there (half the
      // transactions).
      await new Promise(setImmediate);
      if (!queue.isEmpty()) await takeFromQueue(work);
      if (waiting.isReleaseDue()) {
        await releaseHeldRows(work);
        if (waiting.mayHold) await readPastUnreadable(work);
      }
      if (waiting.isReplayDue()) await replayParkedRows(work);
      if (queue.isEmpty()) await bell.wait(waiting.nextMs(), signal);
    }
  }

  return {
    running: run(),
    transactionMs: work.attempts.runningMs,
    /** Partitions were claimed: what waits in them is not known. */
    claimed(): void {
      waiting.mayHold = true;
      waiting.releaseSoon();
    },
    replaySoon(): void {
      waiting.replaySoon();
      bell.ring();
    },
  };
}

async function takeFromQueue(work: Work): Promise<void> {
  const { attempts, reading, queue, ownership, portion, waiting } = work;
  const slices = queue.peek(portion.size());
  const release = waiting.mayHold && !waiting.careful ? ownership.claims() : undefined;
  const outcome = await attempts.run((tx) => takeSlices(tx, reading, slices, release));
  if (outcome === "later") {
    waiting.mayHold = true; // the outcome is unknown
    portion.halve(); // it may have taken longer than a statement may
    return;
  }
  if ("done" in outcome) {
    if (outcome.done.held > 0) waiting.mayHold = true;
    if (waiting.careful) waiting.releaseSoon();
    portion.grow();
    commit(work, slices);
    return;
  }
  waiting.careful = true;
  const records = slices.reduce((sum, { arrivals, wrecks }) => sum + arrivals.length + wrecks.length, 0);
  const culprit = slices.find(({ arrivals }) => arrivals.length > 0);
  if (records > 1) portion.halve(records);
  else if (culprit?.arrivals[0] === undefined) await attempts.stuck(outcome.fault);
  else await parkRecord(work, culprit, culprit.arrivals[0], outcome.fault);
}

function commit({ ownership, queue }: Work, slices: readonly Slice[]): void {
  for (const slice of slices) if (ownership.token(slice) === slice.owner) ownership.moved(slice);
  queue.settle(slices);
}

async function parkRecord(work: Work, slice: Slice, arrival: Arrival, fault: unknown): Promise<void> {
  const { attempts, reading } = work;
  const reason = reasonOf(fault);
  const parked = await attempts.run((tx) => park(tx, reading, [slice], { arrival, reason, slice }));
  if (parked === "later") return;
  if ("done" in parked) {
    attempts.tellParked(arrival, fault);
    commit(work, [slice]);
    return;
  }
  const buried = await attempts.run((tx) => bury(tx, slice, arrival, reason));
  if (buried === "later") return;
  if ("done" in buried) commit(work, [slice]);
  else await attempts.stuck(buried.fault);
}
