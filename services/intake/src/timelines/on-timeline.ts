import { type Instant, type Refusal, isRefusal, refusal, timelineKind, wall } from "@crossline/contracts";
import {
  type CommandResponse,
  type IdempotentOutcome,
  type IdempotentRequest,
  withIdempotency,
} from "@crossline/idempotency";
import { type Database, type Tx, now } from "@crossline/postgres";
import { findTimeline } from "../store/timelines.ts";
import { type AwaitCaughtUp, caughtUpWithinMs } from "./await-caught-up.ts";
import { type TimelineScheduler, takeLock } from "./scheduler.ts";

export type OnTimelineDeps = {
  readonly database: Database;
  readonly scheduler: TimelineScheduler;
  readonly awaitCaughtUp: AwaitCaughtUp;
  readonly onCommitted: () => void;
};

const ended: Refusal = refusal(
  "timeline_ended",
  "This timeline is an import, which accepts only the rows of its history.",
);

/**
 * Runs a command that is no command on a case, in the way that its timeline requires. The instant is PostgreSQL's time on the wall
 * timeline. On a stepped timeline, the command waits until the timeline is caught up, runs alone, and the instant is the mark.
 */
export async function onTimeline<Body>(
  { database, scheduler, awaitCaughtUp, onCommitted }: OnTimelineDeps,
  request: IdempotentRequest,
  work: (tx: Tx, at: Instant) => Promise<CommandResponse<Body> | Refusal>,
): Promise<IdempotentOutcome<Body>> {
  const { timeline = wall, party } = request;
  const run = async (): Promise<IdempotentOutcome<Body>> => {
    if (timelineKind(timeline) === "import") return ended;
    if (timelineKind(timeline) === "wall")
      return withIdempotency(database, request, async (tx) => work(tx, await now(tx)));
    const deadline = performance.now() + caughtUpWithinMs;
    return scheduler.runAlone({ timeline, party, deadline }, (place) =>
      withIdempotency(database, request, async (tx) => {
        const locked = await takeLock(tx, timeline, place);
        if (locked !== undefined) return locked;
        const row = await findTimeline(tx, timeline);
        if (row?.mark == null) throw new Error("a stepped timeline has no mark");
        const status = await awaitCaughtUp(timeline, row.mark, place);
        return isRefusal(status) ? status : work(tx, row.mark);
      }),
    );
  };
  const outcome = await run();
  if (!isRefusal(outcome)) onCommitted();
  return outcome;
}
