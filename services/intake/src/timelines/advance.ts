import { type Instant, type Refusal, formatInstant, refusal } from "@crossline/contracts";
import { isRefusal } from "@crossline/service";
import type { Database } from "@crossline/postgres";
import { findTimeline, lockTimeline } from "../store/timelines.ts";
import { moveMark } from "./move-mark.ts";
import { type Place, retryLater } from "./scheduler.ts";
import type { AwaitCaughtUp } from "./await-caught-up.ts";

export type AdvanceDeps = {
  readonly database: Database;
  readonly awaitCaughtUp: AwaitCaughtUp;
  readonly partitions: number;
  readonly onCommitted: () => void;
};

/**
 * The result of an advance. `mark` is the new mark of the timeline. `steps` counts how often the mark moved. `parked` and `dead` are
 * the numbers of parked cases and dead letters.
 */
export type AdvanceResult = {
  readonly mark: Instant;
  readonly steps: number;
  readonly parked: number;
  readonly dead: number;
};

/** A running advance. `steps` counts how often the mark moved, in all turns of the run. */
export type AdvanceRun = { readonly timeline: string; readonly to: Instant; steps: number };

const stepsMax = 20_000;

/**
 * Moves the mark of a stepped timeline to an instant, so that all earlier thresholds fire in their order. The function repeats two
 * actions: it waits until the timeline is caught up, and then moves the mark 1 ms past the earliest deadline. When no deadline before
 * `to` is left, the function moves the mark to `to` and waits once more.
 *
 * The caller must hold the timeline's lock. Each new mark is a transaction of its own, which stays committed if the advance is refused
 * later. After each new mark, the function returns `retryLater` if another request needs the place.
 */
export async function advance(
  { database, awaitCaughtUp, partitions, onCommitted }: AdvanceDeps,
  run: AdvanceRun,
  place: Place,
): Promise<AdvanceResult | Refusal> {
  const { timeline, to } = run;
  const row = await findTimeline(database, timeline);
  let mark = row?.mark ?? to;
  if (to < mark) return refuseEarly(mark);
  for (;;) {
    const { steps } = run;
    const status = await awaitCaughtUp(timeline, mark, place);
    if (isRefusal(status)) return { ...status, facts: { ...status.facts, mark: formatInstant(mark), steps } };
    const { earliestDue, parked, dead } = status;
    const isDue = earliestDue !== undefined && earliestDue < to;
    if (!isDue && mark === to) return { mark, steps, parked, dead };
    if (steps >= stepsMax || performance.now() > place.deadline) return refuseLong(mark, steps);
    mark = isDue ? earliestDue + 1 : to;
    await moveMarkAlone(database, timeline, mark, partitions);
    run.steps++;
    onCommitted();
    if (place.mustYield()) return retryLater;
  }
}

async function moveMarkAlone(database: Database, timeline: string, mark: Instant, partitions: number): Promise<void> {
  await database.transaction(async (tx) => {
    const row = await lockTimeline(tx, timeline);
    if (row === undefined) throw new Error("a timeline with a running advance was deleted");
    await moveMark(tx, row, mark, { partitions });
  });
}

function refuseEarly(mark: Instant): Refusal {
  return refusal("too_early", `The timeline's mark is ${formatInstant(mark)}, and a mark never moves backwards.`, {
    fields: [{ at: "/to", message: `must not be before ${formatInstant(mark)}` }],
    facts: { mark: formatInstant(mark) },
  });
}

function refuseLong(mark: Instant, steps: number): Refusal {
  const detail = `The advance took too long. The timeline's mark is ${formatInstant(mark)} now. Repeat the request to continue from this mark.`;
  return refusal("not_quiet", detail, { facts: { mark: formatInstant(mark), steps } });
}
