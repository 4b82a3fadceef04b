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

export type AdvanceResult = {
  readonly mark: Instant;
  readonly steps: number;
  readonly parked: number;
  readonly dead: number;
};

/** An advance under way: over how many steps it has come, in all of its turns. */
export type AdvanceRun = { readonly timeline: string; readonly to: Instant; steps: number };

const stepsMax = 20_000;

/**
 * Moves a stepped timeline on to an instant: wait until it is quiet, move the mark just past what is due first, again and
 * again, until nothing is due before `to`; then the mark becomes `to`, and quiet is awaited once more. So what comes due
 * happens in its order. The caller holds the timeline's lock; every move is a transaction of its own and stays, also where the
 * whole is refused at the deadline. `later` where the place is up between two steps.
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
    const standing = await awaitCaughtUp(timeline, mark, place);
    if (isRefusal(standing)) return { ...standing, facts: { ...standing.facts, mark: formatInstant(mark), steps } };
    const { earliestDue, parked, dead } = standing;
    const isDue = earliestDue !== undefined && earliestDue < to;
    if (!isDue && mark === to) return { mark, steps, parked, dead };
    if (steps >= stepsMax || performance.now() > place.deadline) return refuseLong(mark, steps);
    mark = isDue ? earliestDue + 1 : to;
    await moveMarkAlone(database, timeline, mark, partitions);
    run.steps++;
    onCommitted();
    if (place.isUp()) return retryLater;
  }
}

async function moveMarkAlone(database: Database, timeline: string, mark: Instant, partitions: number): Promise<void> {
  await database.transaction(async (tx) => {
    const row = await lockTimeline(tx, timeline);
    if (row === undefined) throw new Error("a timeline that is driven is gone");
    await moveMark(tx, row, mark, { partitions });
  });
}

function refuseEarly(mark: Instant): Refusal {
  return refusal("too_early", `The timeline is at ${formatInstant(mark)} and does not go back.`, {
    fields: [{ at: "/to", message: `must not be before ${formatInstant(mark)}` }],
    facts: { mark: formatInstant(mark) },
  });
}

function refuseLong(mark: Instant, steps: number): Refusal {
  const detail = `It took too long; the timeline is at ${formatInstant(mark)} now. Ask again to go on from there.`;
  return refusal("not_quiet", detail, { facts: { mark: formatInstant(mark), steps } });
}
