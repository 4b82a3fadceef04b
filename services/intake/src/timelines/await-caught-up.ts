import { setTimeout as delay } from "node:timers/promises";
import { type Instant, type Refusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Place, retryLater } from "./scheduler.ts";
import type { OtherServices } from "../services/other-services.ts";
import { type TimelineStatus, timelineStatusOf } from "./status.ts";

/**
 * Waits until a timeline is quiet at its mark; or says, when the deadline has come, why it is not. `later` where the place is up before
 * that.
 */
export type AwaitCaughtUp = (timeline: string, mark: Instant, place: Place) => Promise<TimelineStatus | Refusal>;

export type CaughtUpDeps = {
  readonly database: Database;
  readonly services: OtherServices;
  /** Told how long it took, in seconds. */
  readonly observe: (seconds: number) => void;
  /** Aborted when this process stops: nobody is kept waiting then. */
  readonly signal: AbortSignal;
};

const stopping = refusal("unavailable", "The service is being stopped; try again in a moment.");
/** How long a request waits for its timeline to come to rest. */
export const caughtUpWithinMs = 10_000;
const firstPauseMs = 1;
const longestPauseMs = 25;

/** Looks again and again: at first every millisecond, as a step is usually over within some, then less often. */
export function createAwaitCaughtUp({ database, services, observe, signal }: CaughtUpDeps): AwaitCaughtUp {
  return async (timeline, mark, { deadline, isUp }) => {
    const since = performance.now();
    let before: TimelineStatus | undefined;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.4)) {
      const standing = timelineStatusOf(await services.timelineReports(database, timeline), mark);
      if (standing.lost > 0) return refuseBroken(standing);
      if (standing.isCaughtUp && before?.isCaughtUp === true && before.counts === standing.counts) {
        observe((performance.now() - since) / 1000);
        return standing;
      }
      if (signal.aborted) return stopping;
      if (performance.now() > deadline) return refuseBusy(standing);
      // A quiet look is followed by the second one at once.
      if (!standing.isCaughtUp) {
        if (isUp()) return retryLater;
        await delay(pauseMs);
      }
      before = standing;
    }
  };
}

/** What was lost never comes again, so this is for good. */
function refuseBroken({ lost }: TimelineStatus): Refusal {
  const records = lost === 1 ? "A record" : `${lost} records`;
  const detail = `${records} of this timeline ${lost === 1 ? "was" : "were"} deleted before every part had read them. Begin a new timeline.`;
  return refusal("timeline_broken", detail, { facts: { lost } });
}

function refuseBusy({ waitingFor, parked, dead }: TimelineStatus): Refusal {
  const silent = waitingFor.filter((each) => each.endsWith("does not answer"));
  const facts = { waitingFor, parked, dead };
  if (silent.length > 0) return refusal("unavailable", `A part cannot be reached: ${silent.join("; ")}.`, { facts });
  const why = waitingFor.length === 0 ? "its counts go on moving" : waitingFor.join("; ");
  return refusal("not_quiet", `The timeline did not come to rest: ${why}. Try again.`, { facts });
}
