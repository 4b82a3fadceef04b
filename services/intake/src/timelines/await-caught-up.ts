import { setTimeout as delay } from "node:timers/promises";
import { type Instant, type Refusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Place, retryLater } from "./scheduler.ts";
import type { OtherServices } from "../services/other-services.ts";
import { type TimelineStatus, noResponse, timelineStatusOf } from "./status.ts";

/**
 * Waits until a timeline is caught up at its mark. At the deadline, returns a refusal with the reason. If another request needs the
 * place before the deadline, returns `retryLater`.
 */
export type AwaitCaughtUp = (timeline: string, mark: Instant, place: Place) => Promise<TimelineStatus | Refusal>;

export type CaughtUpDeps = {
  readonly database: Database;
  readonly services: OtherServices;
  /** Records the duration of a wait in seconds. */
  readonly observe: (seconds: number) => void;
  /** Aborts when this process stops, so that waiting requests end. */
  readonly signal: AbortSignal;
};

const stopping = refusal("unavailable", "The service is stopping. Try again in a moment.");
/** The longest time that a request waits until its timeline is caught up. */
export const caughtUpWithinMs = 10_000;
const firstPauseMs = 1;
const longestPauseMs = 25;

/**
 * Creates the function that waits until a timeline is caught up. The first two polls are a millisecond apart, because most steps take
 * only a few milliseconds. Later polls are less frequent.
 */
export function createAwaitCaughtUp({ database, services, observe, signal }: CaughtUpDeps): AwaitCaughtUp {
  return async (timeline, mark, { deadline, mustYield }) => {
    const since = performance.now();
    let before: TimelineStatus | undefined;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.4)) {
      const status = timelineStatusOf(await services.timelineReports(database, timeline), mark);
      if (status.lost > 0) return refuseBroken(status);
      if (status.isCaughtUp && before?.isCaughtUp === true && before.counts === status.counts) {
        observe((performance.now() - since) / 1000);
        return status;
      }
      if (signal.aborted) return stopping;
      if (performance.now() > deadline) return refuseBusy(status);
      // If this poll found the timeline caught up, the next poll follows at once to confirm the result.
      if (!status.isCaughtUp) {
        if (mustYield()) return retryLater;
        await delay(pauseMs);
      }
      before = status;
    }
  };
}

/** Returns the refusal of a timeline with lost records. The refusal is final, because lost records never return. */
function refuseBroken({ lost }: TimelineStatus): Refusal {
  const records = lost === 1 ? "A record" : `${lost} records`;
  const detail = `${records} of this timeline ${lost === 1 ? "was" : "were"} deleted before every service had read them. Begin a new timeline.`;
  return refusal("timeline_broken", detail, { facts: { lost } });
}

function refuseBusy({ waitingFor, parked, dead }: TimelineStatus): Refusal {
  const silent = waitingFor.filter((reason) => reason.endsWith(noResponse));
  const facts = { waitingFor, parked, dead };
  if (silent.length > 0) return refusal("unavailable", `A service is unreachable: ${silent.join("; ")}.`, { facts });
  const reason = waitingFor.length === 0 ? "its counts keep changing" : waitingFor.join("; ");
  return refusal("not_quiet", `The timeline is not caught up: ${reason}. Try again.`, { facts });
}
