import { type Refusal, refusal, timelineKind, wall } from "@crossline/contracts";
import type { MailDomain } from "@crossline/domain";
import { claimKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import type { Lines } from "../store/lines.ts";
import { findTimeline } from "../store/timelines.ts";
import { type TimelineScheduler, takeLock } from "../timelines/scheduler.ts";
import { type AwaitCaughtUp, caughtUpWithinMs } from "../timelines/await-caught-up.ts";
import { type CaseResult, toCaseResponse } from "./case-response.ts";
import type { WriteRequest } from "./case-writer.ts";
import type { CaseRequest } from "./request.ts";
import { doUnitOfWork } from "./unit-of-work.ts";

export type WriteDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly mailDomain?: MailDomain | undefined;
  readonly scheduler: TimelineScheduler;
  readonly awaitCaughtUp: AwaitCaughtUp;
  readonly onCommitted: () => void;
};

const ended: Refusal = refusal(
  "timeline_ended",
  "This timeline is an import, which accepts only the rows of its history.",
);

/**
 * Creates the function that writes each request in the way that its timeline requires. `writeOnWall` is the case writer for the wall
 * timeline.
 */
export function createWriteRequest(writeOnWall: WriteRequest, deps: WriteDeps): WriteRequest {
  return async (request) => {
    const { timeline = wall } = request.idempotency;
    switch (timelineKind(timeline)) {
      case "wall":
        return writeOnWall(request);
      case "stepped":
        return writeStepped(deps, timeline, request);
      case "import":
        return ended;
    }
  };
}

/**
 * Writes a request on a stepped timeline. The request waits until the timeline is caught up, and runs alone. Its instant is the
 * mark.
 */
async function writeStepped(
  { database, lines, mailDomain, scheduler, awaitCaughtUp, onCommitted }: WriteDeps,
  timeline: string,
  request: CaseRequest,
): Promise<CaseResult> {
  const { actor, idempotency } = request;
  const deadline = performance.now() + caughtUpWithinMs;
  const result = await scheduler.runAlone({ timeline, party: actor.party, deadline }, (place) =>
    database.transaction(async (tx): Promise<CaseResult> => {
      const claims = await claimKeys(tx, [idempotency]);
      const [claim] = claims;
      if (claim?.is === "repeated") return toCaseResponse(claim.response, true);
      if (claim?.is === "refused") return claim.refusal;
      const locked = await takeLock(tx, timeline, place);
      if (locked !== undefined) return locked;
      const row = await findTimeline(tx, timeline);
      if (row?.mark == null) throw new Error("a stepped timeline has no mark");
      const status = await awaitCaughtUp(timeline, row.mark, place);
      if (isRefusal(status)) return status;
      const preloaded = { now: row.mark, claims };
      const { results, saving } = await doUnitOfWork(tx, [request], { lines, mailDomain, locked: "wait", preloaded });
      await saving;
      const [own] = results;
      if (own === undefined || own === "locked") throw new Error("a request that waited has no result");
      return own;
    }),
  );
  if (!isRefusal(result)) onCommitted();
  return result;
}
