import { setTimeout as delay } from "node:timers/promises";
import { type Instant, type Refusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Place, later } from "./drive.ts";
import type { Peers } from "../peers/peers.ts";
import { type Standing, standingOf } from "./standing.ts";

/**
 * Waits until a timeline is quiet at its mark; or says, when the deadline has come, why it is not. `later` where the place is up before
 * that.
 */
export type AwaitQuiet = (timeline: string, mark: Instant, place: Place) => Promise<Standing | Refusal>;

export type QuietDeps = {
  readonly database: Database;
  readonly peers: Peers;
  /** Told how long it took, in seconds. */
  readonly observe: (seconds: number) => void;
  /** Aborted when this process stops: nobody is kept waiting then. */
  readonly signal: AbortSignal;
};

const stopping = refusal("unavailable", "The service is being stopped; try again in a moment.");
/** How long a request waits for its timeline to come to rest. */
export const quietWithinMs = 10_000;
const firstPauseMs = 1;
const longestPauseMs = 25;

/** Looks again and again: at first every millisecond, as a step is usually over within some, then less often. */
export function createAwaitQuiet({ database, peers, observe, signal }: QuietDeps): AwaitQuiet {
  return async (timeline, mark, { deadline, isUp }) => {
    const since = performance.now();
    let before: Standing | undefined;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.4)) {
      const standing = standingOf(await peers.look(database, timeline), mark);
      if (standing.lost > 0) return refuseBroken(standing);
      if (standing.isQuiet && before?.isQuiet === true && before.counts === standing.counts) {
        observe((performance.now() - since) / 1000);
        return standing;
      }
      if (signal.aborted) return stopping;
      if (performance.now() > deadline) return refuseUnquiet(standing);
      // A quiet look is followed by the second one at once.
      if (!standing.isQuiet) {
        if (isUp()) return later;
        await delay(pauseMs);
      }
      before = standing;
    }
  };
}

/** What was lost never comes again, so this is for good. */
function refuseBroken({ lost }: Standing): Refusal {
  const records = lost === 1 ? "A record" : `${lost} records`;
  const detail = `${records} of this timeline ${lost === 1 ? "was" : "were"} deleted before every part had read them. Begin a new timeline.`;
  return refusal("timeline_broken", detail, { facts: { lost } });
}

function refuseUnquiet({ waitingFor, parked, dead }: Standing): Refusal {
  const silent = waitingFor.filter((each) => each.endsWith("does not answer"));
  const facts = { waitingFor, parked, dead };
  if (silent.length > 0) return refusal("unavailable", `A part cannot be reached: ${silent.join("; ")}.`, { facts });
  const why = waitingFor.length === 0 ? "its counts go on moving" : waitingFor.join("; ");
  return refusal("not_quiet", `The timeline did not come to rest: ${why}. Try again.`, { facts });
}
